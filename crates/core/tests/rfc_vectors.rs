//! Test vectors of the standards, through the public interface.

#![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
#![allow(clippy::arithmetic_side_effects, reason = "small numbers")]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hex_literal::hex;
use rails_session_core::{AeadCipher, CbcCipher, Digest, Key, Keyring, Rejection, Scheme, derive};

#[test]
fn pbkdf2_sha1_rfc_6070() {
    let check = |secret: &[u8], salt: &[u8], iterations, expected: &[u8]| {
        let key = derive(Digest::Sha1, secret, salt, iterations, expected.len()).unwrap();
        assert_eq!(key.as_bytes(), expected, "{iterations} iterations");
    };
    check(
        b"password",
        b"salt",
        1,
        &hex!("0c60c80f961f0e71f3a9b524af6012062fe037a6"),
    );
    check(
        b"password",
        b"salt",
        2,
        &hex!("ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"),
    );
    check(
        b"password",
        b"salt",
        4096,
        &hex!("4b007901b765489abead49d926f721d065a429c1"),
    );
    check(
        b"passwordPASSWORDpassword",
        b"saltSALTsaltSALTsaltSALTsaltSALTsalt",
        4096,
        &hex!("3d2eec4fe41c849b80c8d83662c0e44a8b291a964cf2f07038"),
    );
    check(
        b"pass\0word",
        b"sa\0lt",
        4096,
        &hex!("56fa6aa75548099dcc37d7f03425e0c3"),
    );
}

#[test]
fn pbkdf2_sha256_rfc_7914_section_11() {
    let once = derive(Digest::Sha256, b"passwd", b"salt", 1, 64).unwrap();
    assert_eq!(
        once.as_bytes(),
        hex!(
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
        )
    );
    let often = derive(Digest::Sha256, b"Password", b"NaCl", 80_000, 64).unwrap();
    assert_eq!(
        often.as_bytes(),
        hex!(
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
            "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
        )
    );
}

#[test]
fn hmac_rfc_2202() {
    let (md5, sha1) = (Digest::Md5, Digest::Sha1);
    check_mac(
        md5,
        &[0x0b; 16],
        b"Hi There",
        "9294727a3638bb1c13f48ef8158bfc9d",
    );
    check_mac(
        md5,
        b"Jefe",
        b"what do ya want for nothing?",
        "750c783e6ab0b503eaa86e310a5db738",
    );
    check_mac(
        md5,
        &[0xaa; 16],
        &[0xdd; 50],
        "56be34521d144c88dbb8c733f0e8b3f6",
    );
    check_mac(
        md5,
        &[0xaa; 80],
        LONG_KEY,
        "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd",
    );
    check_mac(
        md5,
        &[0xaa; 80],
        LONG_BOTH,
        "6f630fad67cda0ee1fb1f562db3aa53e",
    );
    check_mac(
        sha1,
        &[0x0b; 20],
        b"Hi There",
        "b617318655057264e28bc0b6fb378c8ef146be00",
    );
    check_mac(
        sha1,
        b"Jefe",
        b"what do ya want for nothing?",
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    );
    check_mac(
        sha1,
        &[0xaa; 20],
        &[0xdd; 50],
        "125d7342b9ac11cd91a39af48aa17b4f63f175d3",
    );
    check_mac(
        sha1,
        &[0xaa; 80],
        LONG_KEY,
        "aa4ae5e15272d00e95705637ce8a3b55ed402112",
    );
    check_mac(
        sha1,
        &[0xaa; 80],
        LONG_BOTH,
        "e8e99d0f45237d786d6bbaa7965c7808bbff1a91",
    );
}

#[test]
fn hmac_rfc_4231() {
    for (key, text, [sha256, sha384, sha512]) in [
        (
            [0x0b; 20].as_slice(),
            b"Hi There".as_slice(),
            [
                "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
                "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
                "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cde\
                 daa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
            ],
        ),
        (
            &[0xaa; 20],
            &[0xdd; 50],
            [
                "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
                "88062608d3e6ad8a0aa2ace014c8a86f0aa635d947ac9febe83ef4e55966144b2a5ab39dc13814b94e3ab6e101a34f27",
                "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39\
                 bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
            ],
        ),
        (
            &[0xaa; 131],
            LONG_KEY,
            [
                "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
                "4ece084485813e9088d2c63a041bc5b44f9ef1012a2b588f3cd11f05033ac4c60c2ef6ab4030fe8296248df163f44952",
                "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f352\
                 6b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
            ],
        ),
    ] {
        check_mac(Digest::Sha256, key, text, sha256);
        check_mac(Digest::Sha384, key, text, sha384);
        check_mac(Digest::Sha512, key, text, sha512);
    }
}

#[test]
fn aes_cbc_rfc_3602() {
    check_cbc(
        CbcCipher::Aes128,
        &hex!("06a9214036b8a15b512e03d534120006"),
        hex!("3dafba429d9eb430b422da802c9fac41"),
        b"Single block msg",
        &hex!("e353779c1079aeb82708942dbe77181a"),
    );
    check_cbc(
        CbcCipher::Aes128,
        &hex!("c286696d887c9aa0611bbb3e2025a45a"),
        hex!("562e17996d093d28ddb3ba695a2e6f58"),
        &hex!("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"),
        &hex!("d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1"),
    );
    check_cbc(
        CbcCipher::Aes128,
        &hex!("6c3ea0477630ce21a2ce334aa746c2cd"),
        hex!("c782dc4c098c66cbd9cd27d825682c81"),
        b"This is a 48-byte message (exactly 3 AES blocks)",
        &hex!(
            "d0a02b3836451753d493665d33f0e8862dea54cdb293abc7506939276772f8d5021c19216bad525c8579695d83ba2684"
        ),
    );
}

#[test]
fn aes_cbc_nist_sp_800_38a() {
    let iv = hex!("000102030405060708090a0b0c0d0e0f");
    let plaintext = hex!(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
    );
    check_cbc(
        CbcCipher::Aes128,
        &hex!("2b7e151628aed2a6abf7158809cf4f3c"),
        iv,
        &plaintext,
        &hex!(
            "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2"
            "73bed6b8e3c1743b7116e69e222295163ff1caa1681fac09120eca307586e1a7"
        ),
    );
    check_cbc(
        CbcCipher::Aes192,
        &hex!("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b"),
        iv,
        &plaintext,
        &hex!(
            "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"
            "571b242012fb7ae07fa9baac3df102e008b0e27988598881d920a9e64f5615cd"
        ),
    );
    check_cbc(
        CbcCipher::Aes256,
        &hex!("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"),
        iv,
        &plaintext,
        &hex!(
            "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"
            "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"
        ),
    );
}

/// Test cases 2, 3, 9, 14 and 15 of the specification of GCM that NIST adopted.
#[test]
fn aes_gcm_specification() {
    let key = hex!("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308");
    let iv = hex!("cafebabefacedbaddecaf888");
    let plaintext = hex!(
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
    );
    let zeros = [0; 16];
    check_gcm(
        AeadCipher::Aes128Gcm,
        &[0; 16],
        [0; 12],
        &zeros,
        &hex!("0388dace60b6a392f328c2b971b2fe78"),
        hex!("ab6e47d42cec13bdf53a67b21257bddf"),
    );
    check_gcm(
        AeadCipher::Aes256Gcm,
        &[0; 32],
        [0; 12],
        &zeros,
        &hex!("cea7403d4d606b6e074ec5d3baf39d18"),
        hex!("d0d1c8a799996bf0265b98b5d48ab919"),
    );
    check_gcm(
        AeadCipher::Aes128Gcm,
        key.first_chunk::<16>().unwrap(),
        iv,
        &plaintext,
        &hex!(
            "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
            "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985"
        ),
        hex!("4d5c2af327cd64a62cf35abd2ba6fab4"),
    );
    check_gcm(
        AeadCipher::Aes192Gcm,
        key.first_chunk::<24>().unwrap(),
        iv,
        &plaintext,
        &hex!(
            "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c"
            "7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710acade256"
        ),
        hex!("9924a7c8587336bfb118024db8674a14"),
    );
    check_gcm(
        AeadCipher::Aes256Gcm,
        &key,
        iv,
        &plaintext,
        &hex!(
            "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
            "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
        ),
        hex!("b094dac5d93471bdec1a502270e3cc6c"),
    );
}

const LONG_KEY: &[u8] = b"Test Using Larger Than Block-Size Key - Hash Key First";
const LONG_BOTH: &[u8] =
    b"Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data";

/// None of the texts is base64. So the right MAC makes a message that is undecodable, and a wrong
/// one a message that is unauthenticated.
fn check_mac(digest: Digest, key: &[u8], text: &[u8], mac: &str) {
    let keyring = Keyring::new([Scheme::signed(digest, &Key::new(key))]).unwrap();
    let open = |mac: &str| {
        keyring
            .open(&[text, b"--", mac.as_bytes()].concat(), false, 0)
            .unwrap_err()
    };
    assert_eq!(open(mac), Rejection::Undecodable, "{digest} {mac}");
    let last = if mac.ends_with('0') { "1" } else { "0" };
    let wrong = [mac.split_at(mac.len() - 1).0, last].concat();
    assert_eq!(open(&wrong), Rejection::Unauthenticated, "{digest} {mac}");
}

/// The standards' texts have no padding: ours is one block longer.
fn check_cbc(cipher: CbcCipher, key: &[u8], iv: [u8; 16], plaintext: &[u8], ciphertext: &[u8]) {
    let sign_key = Key::new(b"sign key");
    let scheme = Scheme::cbc(cipher, &Key::new(key), Digest::Sha1, &sign_key).unwrap();
    let keyring = Keyring::new([scheme]).unwrap();
    let message = keyring.seal_with_iv(plaintext, b"", false, &iv).unwrap();
    assert_eq!(
        keyring
            .open(message.as_bytes(), false, 0)
            .unwrap()
            .plaintext(),
        plaintext
    );

    let signed = Keyring::new([Scheme::signed(Digest::Sha1, &sign_key)]).unwrap();
    let inner = signed
        .open(message.as_bytes(), false, 0)
        .unwrap()
        .plaintext()
        .to_vec();
    let (data, encoded_iv) = inner.split_at(inner.len() - 26);
    assert_eq!(encoded_iv, ["--", &STANDARD.encode(iv)].concat().as_bytes());
    let data = STANDARD.decode(data).unwrap();
    assert_eq!(data.split_at(ciphertext.len()).0, ciphertext, "{cipher}");
    assert_eq!(data.len(), ciphertext.len() + 16);
}

fn check_gcm(
    cipher: AeadCipher,
    key: &[u8],
    iv: [u8; 12],
    plaintext: &[u8],
    ciphertext: &[u8],
    tag: [u8; 16],
) {
    let keyring = Keyring::new([Scheme::aead(cipher, &Key::new(key)).unwrap()]).unwrap();
    let message = [
        STANDARD.encode(ciphertext),
        STANDARD.encode(iv),
        STANDARD.encode(tag),
    ]
    .join("--");
    assert_eq!(
        keyring.seal_with_iv(plaintext, b"", false, &iv).unwrap(),
        message,
        "{cipher}"
    );
    assert_eq!(
        keyring
            .open(message.as_bytes(), false, 0)
            .unwrap()
            .plaintext(),
        plaintext,
        "{cipher}"
    );
}
