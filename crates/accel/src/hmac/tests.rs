//! Both engines against each other, the vectors of the standards, and the crates `hmac` and `pbkdf2`.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::indexing_slicing, reason = "small numbers")]

use hex_literal::hex;
use hmac::{Hmac, KeyInit, Mac};

use super::{Engine, HmacSha1, HmacSha256};
use crate::random::Random;

/// What can run here, with a name; the safe twin comes first.
fn engines() -> Vec<(&'static str, Engine)> {
    let engines = [
        Some(("portable", Engine::Portable)),
        #[cfg(target_arch = "x86_64")]
        super::ShaNi::detect().map(|sha_ni| ("SHA-NI", Engine::ShaNi(sha_ni))),
    ];
    engines.into_iter().flatten().collect()
}

/// Cases 1 to 4 of RFC 2202 and of RFC 4231, whose keys and texts are the same, and case 6 of each.
#[test]
fn rfc_2202_and_rfc_4231() {
    let ascending: Vec<u8> = (1..=25).collect();
    let long = b"Test Using Larger Than Block-Size Key - Hash Key First";
    let sha1: [(&[u8], &[u8], [u8; 20]); 5] = [
        (
            &[0x0b; 20],
            b"Hi There",
            hex!("b617318655057264e28bc0b6fb378c8ef146be00"),
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            hex!("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        ),
        (
            &[0xaa; 20],
            &[0xdd; 50],
            hex!("125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
        ),
        (
            &ascending,
            &[0xcd; 50],
            hex!("4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
        ),
        (
            &[0xaa; 80],
            long,
            hex!("aa4ae5e15272d00e95705637ce8a3b55ed402112"),
        ),
    ];
    let sha256: [(&[u8], &[u8], [u8; 32]); 5] = [
        (
            &[0x0b; 20],
            b"Hi There",
            hex!("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
        ),
        (
            b"Jefe",
            b"what do ya want for nothing?",
            hex!("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        ),
        (
            &[0xaa; 20],
            &[0xdd; 50],
            hex!("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
        ),
        (
            &ascending,
            &[0xcd; 50],
            hex!("82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
        ),
        (
            &[0xaa; 131],
            long,
            hex!("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
        ),
    ];
    for (name, engine) in engines() {
        for (key, text, mac) in sha1 {
            assert_eq!(HmacSha1::with(engine, key).mac(text), mac, "{name}");
        }
        for (key, text, mac) in sha256 {
            assert_eq!(HmacSha256::with(engine, key).mac(text), mac, "{name}");
        }
    }
}

#[test]
fn macs_of_all_lengths() {
    let mut random = Random::default();
    let text = random.bytes(MAX_LENGTH);
    let key = random.bytes(64);
    let sha1 = <Hmac<sha1::Sha1> as KeyInit>::new_from_slice(&key).unwrap();
    let sha256 = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(&key).unwrap();
    let engines = engines().into_iter().map(|(name, engine)| {
        (
            name,
            HmacSha1::with(engine, &key),
            HmacSha256::with(engine, &key),
        )
    });
    let engines: Vec<_> = engines.collect();
    for length in 0..=MAX_LENGTH {
        let text = &text[..length];
        let expected_sha1: [u8; 20] = sha1
            .clone()
            .chain_update(text)
            .finalize()
            .into_bytes()
            .into();
        let expected_sha256: [u8; 32] = sha256
            .clone()
            .chain_update(text)
            .finalize()
            .into_bytes()
            .into();
        for (name, sha1, sha256) in &engines {
            assert_eq!(sha1.mac(text), expected_sha1, "{name} {length}");
            assert_eq!(sha256.mac(text), expected_sha256, "{name} {length}");
        }
    }
}

#[test]
fn keys_of_all_lengths() {
    let mut random = Random::default();
    for length in 0..=300 {
        let key = random.bytes(length);
        let sha1 = <Hmac<sha1::Sha1> as KeyInit>::new_from_slice(&key).unwrap();
        let sha256 = <Hmac<sha2::Sha256> as KeyInit>::new_from_slice(&key).unwrap();
        let expected_sha1: [u8; 20] = sha1.chain_update(b"text").finalize().into_bytes().into();
        let expected_sha256: [u8; 32] = sha256.chain_update(b"text").finalize().into_bytes().into();
        for (name, engine) in engines() {
            assert_eq!(
                HmacSha1::with(engine, &key).mac(b"text"),
                expected_sha1,
                "{name} {length}"
            );
            assert_eq!(
                HmacSha256::with(engine, &key).mac(b"text"),
                expected_sha256,
                "{name} {length}"
            );
        }
    }
}

#[test]
fn verifies_whole_macs_only() {
    for (name, engine) in engines() {
        let (sha1, sha256) = (
            HmacSha1::with(engine, b"key"),
            HmacSha256::with(engine, b"key"),
        );
        let (mac_1, mac_256) = (sha1.mac(b"text"), sha256.mac(b"text"));
        assert!(
            sha1.verify(b"text", &mac_1) && sha256.verify(b"text", &mac_256),
            "{name}"
        );
        assert!(
            !sha1.verify(b"Text", &mac_1) && !sha256.verify(b"Text", &mac_256),
            "{name}"
        );
        for bit in 0..160 {
            let mut mac = mac_1;
            mac[bit / 8] ^= 1 << (bit % 8);
            assert!(!sha1.verify(b"text", &mac), "{name} {bit}");
        }
        for bit in 0..256 {
            let mut mac = mac_256;
            mac[bit / 8] ^= 1 << (bit % 8);
            assert!(!sha256.verify(b"text", &mac), "{name} {bit}");
        }
        for length in 0..20 {
            assert!(!sha1.verify(b"text", &mac_1[..length]), "{name} {length}");
        }
        assert!(
            !sha1.verify(b"text", &[mac_1.as_slice(), &[0]].concat()),
            "{name}"
        );
        assert!(!sha256.verify(b"text", &mac_1), "{name}");
    }
}

#[test]
fn pbkdf2_at_all_lengths() {
    let mut random = Random::default();
    for length in 0..=200 {
        let (password, salt) = (random.bytes(length), random.bytes(length % 140));
        let iterations = u32::try_from(length % 5).unwrap();
        let mut expected = [vec![0; length], vec![0; length]];
        pbkdf2::pbkdf2_hmac::<sha1::Sha1>(&password, &salt, iterations, &mut expected[0]);
        pbkdf2::pbkdf2_hmac::<sha2::Sha256>(&password, &salt, iterations, &mut expected[1]);
        for (name, engine) in engines() {
            let mut derived = [vec![0; length], vec![0; length]];
            HmacSha1::with(engine, &password)
                .pbkdf2(&salt, iterations, &mut derived[0])
                .unwrap();
            HmacSha256::with(engine, &password)
                .pbkdf2(&salt, iterations, &mut derived[1])
                .unwrap();
            assert_eq!(derived, expected, "{name} {length}");
        }
    }
}

/// The longest case of RFC 6070, and the second of RFC 7914.
#[test]
fn pbkdf2_of_the_standards() {
    for (name, engine) in engines() {
        let mut derived = [0; 25];
        let password = HmacSha1::with(engine, b"passwordPASSWORDpassword");
        password
            .pbkdf2(b"saltSALTsaltSALTsaltSALTsaltSALTsalt", 4096, &mut derived)
            .unwrap();
        assert_eq!(
            derived,
            hex!("3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"),
            "{name}"
        );

        let mut derived = [0; 64];
        let password = HmacSha256::with(engine, b"passwd");
        password.pbkdf2(b"salt", 1, &mut derived).unwrap();
        assert_eq!(
            derived,
            hex!(
                "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
            ),
            "{name}"
        );
    }
}

#[test]
fn debug_shows_no_key() {
    assert_eq!(
        format!("{:?} {:?}", HmacSha1::new(b"k"), HmacSha256::new(b"k")),
        "HmacSha1(..) HmacSha256(..)"
    );
}

const MAX_LENGTH: usize = if cfg!(miri) { 200 } else { 5000 };
