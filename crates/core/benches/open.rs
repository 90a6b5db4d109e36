//! Nanoseconds to open and to seal one session cookie: `cargo bench -p rails-session-core`.
//!
//! Every figure is the least of many rounds, each over a thousand different cookies: a few of them
//! the processor would know by heart, branch by branch. Opening starts at the text of a Cookie header
//! and ends at the payload; sealing starts at the payload and ends at the text for Set-Cookie,
//! randomness from the operating system included.

#![allow(
    clippy::expect_used,
    reason = "a bench that cannot run should say so and stop"
)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "small numbers"
)]
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "small numbers"
)]
#![allow(clippy::format_push_string, reason = "not what is measured")]
#![allow(clippy::print_stdout, reason = "the table is what this prints")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use rails_session_core::{AeadCipher, CbcCipher, Digest, Key, Keyring, Scheme, Scratch};

fn main() {
    let cases = [
        Case {
            name: "gcm",
            scheme: gcm,
            tail: b"",
        },
        Case {
            name: "gcm+envelope",
            scheme: gcm,
            tail: TAIL,
        },
        Case {
            name: "cbc",
            scheme: cbc,
            tail: b"",
        },
        Case {
            name: "signed",
            scheme: signed,
            tail: b"",
        },
    ];
    println!(
        "{:<14}{:>8}{:>8}{:>10}{:>10}",
        "", "payload", "cookie", "open ns", "seal ns"
    );
    for case in &cases {
        for size in [60, 250, 1024, 2560] {
            case.run(size);
        }
    }
}

struct Case {
    name: &'static str,
    scheme: fn() -> Scheme,
    tail: &'static [u8],
}

impl Case {
    fn run(&self, size: usize) {
        let keyring = Keyring::new([(self.scheme)()]).expect("one scheme");
        let mut random = Random(0x9e37_79b9_7f4a_7c15);
        let payloads: Vec<String> = (0..COOKIES).map(|_| session(size, &mut random)).collect();
        let seal = |payload: &String| keyring.seal(payload.as_bytes(), self.tail, true);
        let cookies: Vec<String> = payloads
            .iter()
            .map(|payload| seal(payload).expect("sealed"))
            .collect();

        let mut scratch = Scratch::new();
        for (cookie, payload) in cookies.iter().zip(&payloads) {
            let opened = keyring
                .open_into(cookie.as_bytes(), true, 0, &mut scratch)
                .expect("opened");
            assert_eq!(opened.payload(), payload.as_bytes());
        }

        let open = time(&cookies, |cookie| {
            let opened = keyring.open_into(black_box(cookie.as_bytes()), true, 0, &mut scratch);
            black_box(opened.is_ok_and(|opened| opened.is_plain_json()));
        });
        let seal = time(&payloads, |payload| {
            let sealed =
                keyring.seal_into(black_box(payload.as_bytes()), self.tail, true, &mut scratch);
            black_box(sealed.is_ok());
        });
        let length = cookies.iter().map(String::len).sum::<usize>() / COOKIES;
        println!(
            "{:<14}{size:>8}{length:>8}{open:>10.0}{seal:>10.0}",
            self.name
        );
    }
}

/// The least time for one of `inputs`, in nanoseconds.
fn time(inputs: &[String], mut work: impl FnMut(&String)) -> f64 {
    let mut least = Duration::MAX;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for input in inputs {
            work(input);
        }
        least = least.min(start.elapsed());
    }
    least.as_secs_f64() * 1e9 / COOKIES as f64
}

/// A session as Devise and a shop would have it, filled up to `size` bytes of JSON.
fn session(size: usize, random: &mut Random) -> String {
    let mut json = format!(
        r#"{{"session_id":"{}""#,
        random.text(32, b"0123456789abcdef")
    );
    if size >= 200 {
        let password = random.text(22, ALPHANUMERIC);
        json += &format!(
            r#","warden.user.user.key":[[{}],"$2a$12${password}"]"#,
            random.below(100_000)
        );
        json += &format!(
            r#","_csrf_token":"{}""#,
            random.text(43, b"abcdefghijklmnopqrstuvwxyz0123456789-_")
        );
    }
    json += r#","cart":["#;
    while json.len() + 60 < size {
        let (id, price) = (random.below(1_000_000), random.below(10_000));
        json += &format!(
            r#"{{"id":{id},"quantity":{},"price":{price}.5}},"#,
            random.below(10)
        );
    }
    let filler = size.saturating_sub(json.len() + 4);
    json += &format!(r#""{}"]}}"#, random.text(filler, ALPHANUMERIC));
    json
}

fn gcm() -> Scheme {
    Scheme::aead(AeadCipher::Aes256Gcm, &Key::new(&[1; 32])).expect("32 bytes")
}

fn cbc() -> Scheme {
    let (key, sign_key) = (Key::new(&[2; 32]), Key::new(&[3; 64]));
    Scheme::cbc(CbcCipher::Aes256, &key, Digest::Sha1, &sign_key).expect("32 bytes")
}

fn signed() -> Scheme {
    Scheme::signed(Digest::Sha1, &Key::new(&[4; 64]))
}

/// Xorshift: the same numbers in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) % limit
    }

    fn text(&mut self, len: usize, alphabet: &[u8]) -> String {
        (0..len)
            .map(|_| char::from(alphabet[self.below(alphabet.len() as u64) as usize]))
            .collect()
    }
}

const COOKIES: usize = 1000;
const ROUNDS: usize = 200;
const ALPHANUMERIC: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const TAIL: &[u8] = br#"","exp":null,"pur":"cookie._shop_session"}}"#;
