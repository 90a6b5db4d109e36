//! Keyrings. What is called for every message is a function that closes over its keyring: a method of a class would first
//! have to find the keyring behind `this` and check its type, which takes longer than to decrypt a cookie.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use napi::bindgen_prelude::Object;
use napi::{Env, Result};
use napi_derive::napi;
use rails_session_core::draft::{Escapes, write_json};
use rails_session_core::{Keyring, Opened, Scheme};

use crate::call::{Call, Local, clear, function, wipe};
use crate::error::to_js;
use crate::input::{AeadCipher, Bytes, CbcCipher, Digest, Flag, KeyHandle, WorkspaceHandle};
use crate::panics;
use crate::workspace::Memory;

/// Collects schemes, and makes a keyring of them.
#[napi]
pub struct KeyringBuilder {
    schemes: Vec<Scheme>,
}

#[napi]
impl KeyringBuilder {
    /// No scheme yet.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        panics::point("KeyringBuilder");
        Self {
            schemes: Vec::new(),
        }
    }

    /// Messages signed with an HMAC.
    #[napi(
        catch_unwind,
        ts_args_type = "digest: string, key: Key, urlSafe: boolean"
    )]
    pub fn add_signed(&mut self, digest: Digest, key: KeyHandle, url_safe: Flag) {
        panics::point("KeyringBuilder.addSigned");
        self.schemes
            .push(Scheme::signed(digest.0, &key.0).url_safe(url_safe.0));
    }

    /// Messages encrypted in CBC mode and signed with an HMAC.
    #[napi(
        catch_unwind,
        ts_args_type = "cipher: string, key: Key, digest: string, signKey: Key, urlSafe: boolean"
    )]
    pub fn add_cbc(
        &mut self,
        env: Env,
        cipher: CbcCipher,
        key: KeyHandle,
        digest: Digest,
        sign_key: KeyHandle,
        url_safe: Flag,
    ) -> Result<()> {
        panics::point("KeyringBuilder.addCbc");
        let scheme = Scheme::cbc(cipher.0, &key.0, digest.0, &sign_key.0)
            .map_err(|error| to_js(env, error))?;
        self.schemes.push(scheme.url_safe(url_safe.0));
        Ok(())
    }

    /// Messages encrypted with a cipher that authenticates by itself.
    #[napi(
        catch_unwind,
        ts_args_type = "cipher: string, key: Key, urlSafe: boolean"
    )]
    pub fn add_aead(
        &mut self,
        env: Env,
        cipher: AeadCipher,
        key: KeyHandle,
        url_safe: Flag,
    ) -> Result<()> {
        panics::point("KeyringBuilder.addAead");
        let scheme = Scheme::aead(cipher.0, &key.0).map_err(|error| to_js(env, error))?;
        self.schemes.push(scheme.url_safe(url_safe.0));
        Ok(())
    }

    /// A keyring of the schemes that were added, which it takes away.
    #[napi(
        catch_unwind,
        ts_args_type = "workspace: Workspace",
        ts_return_type = "{
  open(text: string, how: number): string
  seal(payload: string, tail: string, flags: number): string
  sealDraft(text: string, tail: string, flags: number, words: number): string
  sealWithIv(payload: string, tail: string, flags: number, iv: Uint8Array): string
}"
    )]
    pub fn build<'env>(
        &mut self,
        env: &'env Env,
        workspace: WorkspaceHandle,
    ) -> Result<Object<'env>> {
        panics::point("KeyringBuilder.build");
        let keyring =
            Keyring::new(std::mem::take(&mut self.schemes)).map_err(|error| to_js(*env, error))?;
        let opener = Rc::new(Worker {
            keyring,
            memory: workspace.0,
        });
        let (sealer, iv_sealer) = (Rc::clone(&opener), Rc::clone(&opener));
        let draft_sealer = Rc::clone(&opener);
        let mut object = Object::new(env)?;
        object.set(
            "open",
            function(env, "open", move |call| opener.open(call))?,
        )?;
        object.set(
            "seal",
            function(env, "seal", move |call| sealer.seal(call))?,
        )?;
        object.set(
            "sealDraft",
            function(env, "sealDraft", move |call| draft_sealer.seal_draft(call))?,
        )?;
        object.set(
            "sealWithIv",
            function(env, "sealWithIv", move |call| iv_sealer.seal_with_iv(call))?,
        )?;
        Ok(object)
    }
}

/// A keyring with the memory of its thread.
struct Worker {
    keyring: Keyring,
    memory: Rc<RefCell<Memory>>,
}

impl Worker {
    fn open(&self, call: &Call) -> Result<Local> {
        panics::point("open");
        let how = call.number::<1>()?;
        let (flags, from) = (how, how >> FROM);
        let Memory {
            text,
            answer,
            purpose,
            scratch,
            report,
            ..
        } = &mut *self.memory.borrow_mut();
        let is_latin_1 = flags & SINGLE_BYTES != 0;
        if is_latin_1 {
            call.read_latin_1::<0>(text)?;
        } else {
            call.read::<0>(text)?;
        }
        let (escaped, from) = (flags & ESCAPED != 0, from as usize);
        let returned = match self.keyring.open_into(text, escaped, from, scratch) {
            Ok(opened) => {
                let is_known = flags & KNOWN_PURPOSE != 0 && is_again(&opened, purpose);
                let single_bytes = report.opened(&opened, flags & TOKENS != 0, is_known);
                returned(call, &opened, is_known, single_bytes, answer)
            }
            Err(mut rejection) => {
                // All that is accepted is ASCII. What is not counts as UTF-8, and may be refused for
                // another reason than in Latin-1.
                if is_latin_1 && !text.is_ascii() {
                    call.read::<0>(text)?;
                    rejection = self
                        .keyring
                        .open(text, escaped, from)
                        .err()
                        .unwrap_or(rejection);
                }
                report.refused(rejection);
                call.string(&[], true)
            }
        };
        // It is as it came, and as JavaScript still has it.
        clear(text);
        returned
    }

    fn seal(&self, call: &Call) -> Result<Local> {
        panics::point("seal");
        self.write(call, None)
    }

    /// An empty string for what is no draft.
    fn seal_draft(&self, call: &Call) -> Result<Local> {
        panics::point("sealDraft");
        let (flags, count) = (call.number::<2>()?, call.number::<3>()?);
        let Memory {
            text,
            tail,
            answer,
            scratch,
            draft,
            ..
        } = &mut *self.memory.borrow_mut();
        call.read::<1>(tail)?;
        let escapes = Escapes {
            html_entities: flags & HTML_ENTITIES != 0,
            js_separators: flags & JS_SEPARATORS != 0,
        };
        let sealed = call.read::<0>(text).and_then(|()| {
            let is_draft = draft
                .first(count)
                .is_some_and(|words| write_json(words, text, escapes, &draft.keys, answer));
            if !is_draft {
                return call.string(&[], true);
            }
            self.keyring
                .seal_into(answer, tail, flags & ESCAPE != 0, scratch)
                .map_err(|error| to_js(call.env(), error))
                .and_then(|sealed| call.string(sealed, true))
        });
        wipe(tail);
        wipe(text);
        wipe(answer);
        sealed
    }

    fn seal_with_iv(&self, call: &Call) -> Result<Local> {
        panics::point("sealWithIv");
        self.write(call, Some(call.value::<3, _>()?))
    }

    fn write(&self, call: &Call, iv: Option<Bytes>) -> Result<Local> {
        let flags = call.number::<2>()?;
        let memory = &mut *self.memory.borrow_mut();
        call.read::<1>(&mut memory.tail)?;
        let read = if flags & BYTES == 0 {
            Call::read::<0>
        } else {
            Call::read_single_bytes::<0>
        };
        let sealed = read(call, &mut memory.text).and_then(|()| {
            let (keyring, payload, tail, escape) = (
                &self.keyring,
                &memory.text,
                &memory.tail,
                flags & ESCAPE != 0,
            );
            let text = match iv {
                None => keyring
                    .seal_into(payload, tail, escape, &mut memory.scratch)
                    .map(Cow::Borrowed),
                Some(iv) => keyring
                    .seal_with_iv(payload, tail, escape, &iv.0)
                    .map(|text| Cow::Owned(text.into_bytes())),
            };
            text.map_err(|error| to_js(call.env(), error))
                .and_then(|text| call.string(&text, true))
        });
        wipe(&mut memory.tail);
        wipe(&mut memory.text);
        sealed
    }
}

/// Whether the purpose is the one of the message before. If not, it is the one to compare with.
fn is_again(opened: &Opened<'_>, purpose: &mut Vec<u8>) -> bool {
    let Some(found) = opened.pur() else {
        return false;
    };
    if found == purpose.as_slice() {
        return true;
    }
    purpose.clear();
    purpose.extend_from_slice(found);
    false
}

/// Payload, exp and pur as one string; the last only if it is not known.
fn returned(
    call: &Call,
    opened: &Opened<'_>,
    is_purpose_known: bool,
    single_bytes: bool,
    answer: &mut Vec<u8>,
) -> Result<Local> {
    let (exp, pur) = (opened.exp(), opened.pur().filter(|_| !is_purpose_known));
    if exp.is_none() && pur.is_none() {
        return call.string(opened.payload(), single_bytes);
    }
    answer.extend_from_slice(opened.payload());
    for text in [exp, pur].into_iter().flatten() {
        answer.extend_from_slice(text);
    }
    let returned = call.string(answer, single_bytes);
    wipe(answer);
    returned
}

/// Bits of how to `open`.
const ESCAPED: u32 = 1;
const TOKENS: u32 = 2;
const KNOWN_PURPOSE: u32 = 4;
const SINGLE_BYTES: u32 = 8;
/// Above the flags: the number of the scheme to begin with.
const FROM: u32 = 8;

/// Bits of the flags of `seal`.
const BYTES: u32 = 1;
const ESCAPE: u32 = 2;
const HTML_ENTITIES: u32 = 4;
const JS_SEPARATORS: u32 = 8;
