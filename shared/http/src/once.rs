//! `Idempotency-Key`: the same request again gets the same answer, and is not carried out twice.
//!
//! What is stored can't be read without the request: the answer is sealed under a key that is made from the caller's
//! `Idempotency-Key` and body, since some answers hold a token or a password. Of the `Idempotency-Key` itself only a hash is kept.

use crate::{Error, Request, Response, refresh_cookie};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::{digest, hmac};
use std::future::Future;
use store::{Begun, Store};

/// The header's name, as it stands in errors.
const HEADER: &str = "Idempotency-Key";

/// What identifies a request, and what seals its answer.
struct Seal {
    id: String,
    fingerprint: String,
    key: [u8; 32],
}

/// Answers from what is kept, or runs the handler and keeps its answer.
///
/// An answer of 5xx is not kept: nothing was done, so that the same key may try again. Neither are 401 and 429.
pub(crate) async fn once<F>(store: &Store, request: &Request, handle: impl FnOnce() -> F) -> Result<Response, Error>
where
    F: Future<Output = Result<Response, Error>>,
{
    let Some(seal) = Seal::of(request)? else { return handle().await };
    match store.begin_request(&seal.id, &seal.fingerprint).await? {
        Begun::New => {}
        Begun::Running => return Err(Error::Running),
        Begun::Other => return Err(Error::OtherRequest),
        Begun::Answered(sealed) => return seal.open(sealed),
    }
    let request_id = request.id();
    let response = handle().await.unwrap_or_else(|error| error.into_response(&request_id));
    let kept = match response.status {
        401 | 429 | 500.. => store.forget_request(&seal.id).await,
        _ => store.finish_request(&seal.id, &seal.close(&response)?).await,
    };
    if let Err(error) = kept {
        // The deed is done and its answer is right; a repetition waits until the row is taken for a crashed try.
        tracing::warn!(%error, "the answer was not kept for a repetition");
    }
    Ok(response)
}

impl Seal {
    fn of(request: &Request) -> Result<Option<Self>, Error> {
        let Some(key) = request.header(HEADER) else { return Ok(None) };
        let valid = (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        if !valid {
            return Err(Error::field(HEADER, "must be 1 to 255 visible ASCII characters, such as a UUID"));
        }
        // A caller who is not signed in has no scope but the key itself.
        let scope = request.user().map_or_else(|_| String::new(), |user| user.as_str().to_owned());
        let (path, _) = request.raw_path();
        // What such an answer holds is for whoever sent the same cookie; other requests are told apart without.
        let cookie = request.cookie(refresh_cookie::NAME).map(str::as_bytes);
        let id = digest::digest(&digest::SHA256, &joined(&[b"cloudsail/id", scope.as_bytes(), key.as_bytes()]));
        let made = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
        let of = |use_: &[u8]| {
            let mut parts = vec![use_, scope.as_bytes(), request.method().as_bytes(), path.as_bytes(), request.bytes()];
            parts.extend(cookie);
            hmac::sign(&made, &joined(&parts))
        };
        let mut key = [0; 32];
        key.copy_from_slice(of(b"seal").as_ref());
        Ok(Some(Self { id: URL_SAFE_NO_PAD.encode(id), fingerprint: URL_SAFE_NO_PAD.encode(of(b"fingerprint")), key }))
    }

    fn cipher(&self) -> Result<LessSafeKey, Error> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &self.key).map_err(|_| Error::internal("the sealing key has a wrong length"))?;
        Ok(LessSafeKey::new(key))
    }

    fn close(&self, response: &Response) -> Result<Vec<u8>, Error> {
        let mut text = serde_json::to_vec(response).map_err(Error::internal)?;
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| Error::internal("no randomness"))?;
        let sealed = self.cipher()?.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut text);
        sealed.map_err(|_| Error::internal("the answer can't be sealed"))?;
        Ok([&nonce[..], &text].concat())
    }

    fn open(&self, mut sealed: Vec<u8>) -> Result<Response, Error> {
        let broken = || Error::internal("a kept answer can't be opened");
        let (nonce, text) = sealed.split_at_mut_checked(NONCE_LEN).ok_or_else(broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| broken())?;
        let text = self.cipher()?.open_in_place(nonce, Aad::empty(), text).map_err(|_| broken())?;
        serde_json::from_slice(text).map_err(Error::internal)
    }
}

/// The parts with their lengths before them, so that no two lists of parts look alike.
fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().flat_map(|part| [&part.len().to_be_bytes()[..], part].concat()).collect()
}
