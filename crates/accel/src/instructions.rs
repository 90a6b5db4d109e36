//! Processor instructions as methods of what is proof that the processor has them.

/// Methods that are one instruction, or what stands for one.
macro_rules! instructions {
    ($($visibility:vis $name:ident($($argument:ident: $type:ty),*) -> $result:ty = $instruction:expr;)*) => {$(
        #[inline(always)]
        $visibility fn $name(self $(, $argument: $type)*) -> $result {
            // SAFETY: the processor has the instruction, or there would be no `self`. If it touches
            // memory, then an array of a vector's length, which may lie anywhere.
            unsafe { $instruction }
        }
    )*};
}

pub(crate) use instructions;
