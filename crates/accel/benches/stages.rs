//! What each step of opening and sealing costs, beside the crates of `RustCrypto`:
//! `cargo bench -p rails-session-accel`, and `-- gcm` for the rows with that word.
//!
//! Both sides have their keys ready and work on the same 32 messages. They take turns, so that
//! whatever else the machine does meets both; the figures are nanoseconds, the least of all rounds
//! and the lower quartile.

#![allow(
    clippy::expect_used,
    reason = "a bench that cannot run should say so and stop"
)]
#![allow(clippy::print_stdout, reason = "the table is what this prints")]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    reason = "small numbers"
)]

use std::hint::black_box;
use std::time::Instant;

use aes::Aes256;
use aes::cipher::array::Array;
use aes::cipher::{BlockModeDecrypt, BlockModeEncrypt, InnerIvInit};
use aes_gcm::Aes256Gcm;
use aes_gcm::aead::{AeadInOut, KeyInit};
use hmac::{Hmac, Mac};
use pbkdf2::pbkdf2_hmac;
use rails_session_accel::aes_cbc::AesCbc;
use rails_session_accel::aes_gcm::AesGcm;
use rails_session_accel::hmac::{HmacSha1, HmacSha256};
use sha1::Sha1;
use sha2::Sha256;

fn main() {
    println!(
        "{:<22}{:>9}{:>12}{:>9}{:>12}{:>9}",
        "", "ours", "quartile", "theirs", "quartile", "ratio"
    );
    for lengths in LENGTHS {
        gcm(lengths);
    }
    for lengths in LENGTHS {
        cbc(lengths);
    }
    for lengths in LENGTHS {
        mac(lengths);
    }
    for length in [64, 32] {
        pbkdf2(length);
    }
}

fn gcm(lengths: &[usize]) {
    let (ours, theirs) = (
        AesGcm::new(&[7; 32]).expect("32 bytes"),
        Aes256Gcm::new(&[7; 32].into()),
    );
    let iv = [9; 12];
    let plain = Messages::new(lengths);
    let mut sealed = plain.clone();
    let mut tags = vec![];
    for (blocks, &length) in sealed.blocks.iter_mut().zip(&sealed.lengths) {
        tags.push(ours.seal(&iv, blocks, length).expect("a length that fits"));
    }
    race(
        "gcm open",
        &sealed,
        |at, blocks, length| assert!(ours.open(black_box(&iv), blocks, length, &tags[at])),
        |at, blocks, length| {
            let text = &mut blocks.as_flattened_mut()[..length];
            let opened = theirs.decrypt_inout_detached(
                black_box(&iv).into(),
                b"",
                text.into(),
                (&tags[at]).into(),
            );
            assert!(opened.is_ok());
        },
    );
    race(
        "gcm seal",
        &plain,
        |_, blocks, length| {
            black_box(ours.seal(black_box(&iv), blocks, length));
        },
        |_, blocks, length| {
            let text = &mut blocks.as_flattened_mut()[..length];
            black_box(
                theirs
                    .encrypt_inout_detached(black_box(&iv).into(), b"", text.into())
                    .is_ok(),
            );
        },
    );
}

fn cbc(lengths: &[usize]) {
    let (ours, theirs) = (
        AesCbc::new(&[7; 32]).expect("32 bytes"),
        Aes256::new(&[7; 32].into()),
    );
    let iv = [9; 16];
    // With the padding.
    let lengths: Vec<_> = lengths
        .iter()
        .map(|length| (length / 16 + 1) * 16)
        .collect();
    let messages = Messages::new(&lengths);
    race(
        "cbc open",
        &messages,
        |_, blocks, _| ours.decrypt(black_box(&iv), blocks),
        |_, blocks, _| {
            let blocks = Array::cast_slice_from_core_mut(blocks);
            cbc::Decryptor::inner_iv_init(&theirs, black_box(&iv).into()).decrypt_blocks(blocks);
        },
    );
    race(
        "cbc seal",
        &messages,
        |_, blocks, _| ours.encrypt(black_box(&iv), blocks),
        |_, blocks, _| {
            let blocks = Array::cast_slice_from_core_mut(blocks);
            cbc::Encryptor::inner_iv_init(&theirs, black_box(&iv).into()).encrypt_blocks(blocks);
        },
    );
}

fn mac(lengths: &[usize]) {
    // Of the text that is signed: base64 of the ciphertext and of the IV, and of both.
    let lengths: Vec<_> = lengths
        .iter()
        .map(|length| (length / 16 + 1) * 16 * 16 / 9 + 36)
        .collect();
    let messages = Messages::new(&lengths);
    let key = [5; 64];
    let ours = HmacSha1::new(&key);
    let theirs = <Hmac<Sha1> as hmac::KeyInit>::new_from_slice(&key).expect("any length");
    race(
        "hmac-sha1",
        &messages,
        |_, blocks, length| {
            black_box(ours.mac(&blocks.as_flattened()[..length]));
        },
        |_, blocks, length| {
            let mac = theirs
                .clone()
                .chain_update(&blocks.as_flattened()[..length]);
            black_box(mac.finalize().into_bytes());
        },
    );
    let ours = HmacSha256::new(&key);
    let theirs = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&key).expect("any length");
    race(
        "hmac-sha256",
        &messages,
        |_, blocks, length| {
            black_box(ours.mac(&blocks.as_flattened()[..length]));
        },
        |_, blocks, length| {
            let mac = theirs
                .clone()
                .chain_update(&blocks.as_flattened()[..length]);
            black_box(mac.finalize().into_bytes());
        },
    );
}

/// 1000 iterations, as Rails has it.
fn pbkdf2(length: usize) {
    let (secret, salt) = ([b'0'; 64], b"authenticated encrypted cookie");
    let messages = Messages::new(&[length]);
    race(
        "pbkdf2-sha1",
        &messages,
        |_, blocks, _| {
            assert!(
                HmacSha1::new(&secret)
                    .pbkdf2(salt, 1000, blocks.as_flattened_mut())
                    .is_some()
            );
        },
        |_, blocks, _| pbkdf2_hmac::<Sha1>(&secret, salt, 1000, blocks.as_flattened_mut()),
    );
    race(
        "pbkdf2-sha256",
        &messages,
        |_, blocks, _| {
            assert!(
                HmacSha256::new(&secret)
                    .pbkdf2(salt, 1000, blocks.as_flattened_mut())
                    .is_some()
            );
        },
        |_, blocks, _| pbkdf2_hmac::<Sha256>(&secret, salt, 1000, blocks.as_flattened_mut()),
    );
}

/// Texts in whole blocks, with their lengths.
#[derive(Clone)]
struct Messages {
    blocks: Vec<Vec<[u8; 16]>>,
    lengths: Vec<usize>,
}

impl Messages {
    fn new(lengths: &[usize]) -> Self {
        let lengths: Vec<_> = (0..COUNT)
            .map(|at| lengths[at * 7 % lengths.len()])
            .collect();
        let block = |at: usize| [u8::try_from(at).unwrap_or_default(); 16];
        let blocks = |(at, length): (usize, &usize)| vec![block(at); length.div_ceil(16)];
        Self {
            blocks: lengths.iter().enumerate().map(blocks).collect(),
            lengths,
        }
    }

    fn name(&self) -> String {
        let (least, most) = (self.lengths.iter().min(), self.lengths.iter().max());
        match (least, most) {
            (Some(least), Some(most)) if least < most => format!("{least}-{most}"),
            (Some(length), _) => length.to_string(),
            _ => String::new(),
        }
    }
}

/// Runs both sides on fresh copies of the messages, in turns, and prints a line.
fn race(
    name: &str,
    messages: &Messages,
    mut ours: impl FnMut(usize, &mut [[u8; 16]], usize),
    mut theirs: impl FnMut(usize, &mut [[u8; 16]], usize),
) {
    let name = format!("{name} {}", messages.name());
    if !std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .all(|word| name.contains(&word))
    {
        return;
    }
    let mut times = [vec![], vec![]];
    let rounds = if name.contains("pbkdf2") { 50 } else { 2000 };
    for round in 0..rounds {
        for turn in 0..2 {
            let side = (round + turn) % 2;
            let mut copy = messages.blocks.clone();
            let start = Instant::now();
            for (at, (blocks, &length)) in copy.iter_mut().zip(&messages.lengths).enumerate() {
                wait();
                if side == 0 {
                    ours(at, blocks, length);
                } else {
                    theirs(at, blocks, length);
                }
            }
            times[side].push(start.elapsed().as_nanos() as f64 / COUNT as f64);
        }
    }
    let [ours, theirs] = times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        (times[0], times[times.len() / 4])
    });
    println!(
        "{name:<22}{:>9.1}{:>12.1}{:>9.1}{:>12.1}{:>8.2}x",
        ours.0,
        ours.1,
        theirs.0,
        theirs.1,
        theirs.0 / ours.0
    );
}

/// Lets the processor finish what it has begun, so that it does not work on several messages at a
/// time, as it would not in a server.
fn wait() {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: every processor of this architecture has SSE2.
    unsafe {
        std::arch::x86_64::_mm_lfence();
    }
}

const COUNT: usize = 32;

/// Of plaintexts: that of a session of 60 bytes, of one of 250, with its envelope, and so on; last
/// such as come mixed.
const LENGTHS: &[&[usize]] = &[
    &[16],
    &[60],
    &[64],
    &[242],
    &[388],
    &[1024],
    &[2560],
    &[60, 70, 83, 99, 110],
    &[230, 388, 242, 271, 299, 350, 341, 320, 256, 287],
];
