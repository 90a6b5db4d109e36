//! What the keyrings of a thread share: memory to work in, and words that JavaScript reads.

use std::cell::RefCell;
use std::rc::Rc;

use napi::bindgen_prelude::Uint32Array;
use napi_derive::napi;
use rails_session_core::draft::DraftKeys;
use rails_session_core::tokens::{NewKey, Tokenizer};
use rails_session_core::{Opened, Rejection, Scratch};

use crate::input::{Text, Words};
use crate::panics;

/// Memory for keyrings. One is enough for a thread: only one message is opened or sealed at a time.
#[napi]
pub struct Workspace(pub(crate) Rc<RefCell<Memory>>);

#[napi]
impl Workspace {
    /// `report`: where `open` reports what it found. `draft`: where `sealDraft` finds words.
    #[napi(
        constructor,
        catch_unwind,
        ts_args_type = "report: Uint32Array, draft: Uint32Array"
    )]
    pub fn new(report: Words, draft: Words) -> Self {
        panics::point("Workspace");
        Self(Rc::new(RefCell::new(Memory::new(report.0, draft.0))))
    }

    /// Gives a key of drafts a number; null if it can have none.
    #[napi(
        catch_unwind,
        ts_args_type = "key: string",
        ts_return_type = "number | null"
    )]
    pub fn learn_key(&self, key: Text) -> Option<u32> {
        panics::point("Workspace.learnKey");
        self.0.borrow_mut().draft.keys.learn(key.0.as_bytes())
    }
}

/// Room for what a call reads and writes, so that it allocates nothing. Plaintexts are overwritten
/// after each.
pub(crate) struct Memory {
    /// A text to open, or a payload to seal.
    pub(crate) text: Vec<u8>,
    pub(crate) tail: Vec<u8>,
    pub(crate) answer: Vec<u8>,
    /// The purpose that was told last.
    pub(crate) purpose: Vec<u8>,
    pub(crate) scratch: Scratch,
    pub(crate) report: Report,
    pub(crate) draft: Draft,
}

impl Memory {
    fn new(report: Uint32Array, draft: Uint32Array) -> Self {
        Self {
            text: Vec::new(),
            tail: Vec::new(),
            answer: Vec::new(),
            purpose: Vec::new(),
            scratch: Scratch::new(),
            report: Report {
                words: report,
                tokenizer: Tokenizer::default(),
            },
            draft: Draft {
                words: draft,
                keys: DraftKeys::default(),
            },
        }
    }
}

/// What JavaScript learns besides the string that `open` returns, as `src/backend/report.ts` has it.
pub(crate) struct Report {
    words: Uint32Array,
    tokenizer: Tokenizer,
}

impl Report {
    pub(crate) fn refused(&mut self, rejection: Rejection) {
        let status = match rejection {
            Rejection::Malformed => 1,
            Rejection::Undecodable => 3,
            _ => 2,
        };
        if let Some(first) = self.words().first_mut() {
            *first = status;
        }
    }

    /// `tokenize`: whether to say where everything in the payload is. `is_purpose_known`: whether
    /// the purpose is not told. Returns whether each byte of the payload is a character.
    pub(crate) fn opened(
        &mut self,
        opened: &Opened<'_>,
        tokenize: bool,
        is_purpose_known: bool,
    ) -> bool {
        let (tokens, new_keys) = if tokenize {
            self.tokenize(opened.payload())
        } else {
            (0, 0)
        };
        let (is_text, is_plain_json, is_ascii) = if opened.payload().starts_with(MARSHAL) {
            (false, false, false)
        } else if tokens > 0 {
            (true, true, self.tokenizer.is_ascii())
        } else {
            (opened.is_text(), opened.is_plain_json(), opened.is_ascii())
        };
        let flags = u32::from(!is_text)
            | u32::from(opened.is_envelope()) << 1
            | u32::from(is_plain_json) << 2
            | u32::from(is_purpose_known) << 3;
        let length = |text: Option<&[u8]>| number(text.unwrap_or_default().len());
        if let Some(head) = self.words().first_chunk_mut() {
            *head = [
                0,
                number(opened.scheme()),
                flags,
                length(opened.exp()),
                length(opened.pur()),
                number(tokens),
                number(new_keys),
            ];
        }
        is_ascii || !is_text
    }

    /// Number of tokens, and of keys that JavaScript does not know yet.
    fn tokenize(&mut self, payload: &[u8]) -> (usize, usize) {
        let Self { words, tokenizer } = self;
        // SAFETY: as in `words`.
        let words = unsafe { words.as_mut() };
        let (keys, tokens) = words
            .get_mut(HEAD..)
            .unwrap_or_default()
            .split_at_mut_checked(KEYS)
            .unwrap_or_default();
        let tokens = tokenizer.tokenize(payload, tokens).unwrap_or_default();
        let added = tokenizer.new_keys();
        let (places, _) = keys.as_chunks_mut::<KEY>();
        if added.len() > places.len() {
            // What is not told cannot be referred to.
            *tokenizer = Tokenizer::default();
            return (0, 0);
        }
        for (place, key) in places.iter_mut().zip(added) {
            let NewKey {
                number,
                start,
                length,
                is_utf8,
            } = *key;
            *place = [number, start, length, u32::from(is_utf8)];
        }
        (tokens, added.len())
    }

    fn words(&mut self) -> &mut [u32] {
        // SAFETY: `self` keeps the array from being collected. It stands for memory that never
        // moves, which only this thread has, and JavaScript does not run now.
        unsafe { self.words.as_mut() }
    }
}

/// What JavaScript wrote to be sealed, as `src/backend/draft.ts` has it.
pub(crate) struct Draft {
    words: Uint32Array,
    pub(crate) keys: DraftKeys,
}

impl Draft {
    /// The first `count` words.
    pub(crate) fn first(&self, count: u32) -> Option<&[u32]> {
        self.words.get(..count as usize)
    }
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or_default()
}

/// Words before the keys.
const HEAD: usize = 8;
/// Words of a key.
const KEY: usize = 4;
/// Words of the keys of a message, after which the tokens begin.
const KEYS: usize = 256 * KEY;
pub(crate) const LEAST_WORDS: usize = HEAD + KEYS;
const MARSHAL: &[u8] = &[4, 8];
