//! Hugging Face tokenizers behind a C interface (tokenizer_ffi.h is its other half). Every entry catches panics and
//! answers with a message instead; nothing here starts threads. A `Tokenizer` is immutable once open, so several
//! threads may encode with it at once, each into its own `Encoded`.

mod encode;
mod fast_bert;
mod open;

use std::panic::{catch_unwind, AssertUnwindSafe};

pub use encode::Encoded;
pub use open::Tokenizer;

/// Borrowed bytes from the other side.
#[repr(C)]
pub struct Bytes {
    data: *const u8,
    size: usize,
}

impl Bytes {
    /// # Safety
    /// `data` points to `size` readable bytes that outlive the call, or `size` is 0.
    unsafe fn as_slice(&self) -> &[u8] {
        if self.size == 0 {
            &[]
        } else {
            std::slice::from_raw_parts(self.data, self.size)
        }
    }
}

/// A message that the other side gives back with `mm_tokenizer_message_free`.
#[repr(C)]
pub struct Message {
    data: *mut u8,
    size: usize,
}

impl Message {
    fn new(text: String) -> Self {
        let bytes = Box::leak(text.into_bytes().into_boxed_slice());
        Message { data: bytes.as_mut_ptr(), size: bytes.len() }
    }
}

#[repr(C)]
pub struct Info {
    vocabulary: u32,
    special_before: u32,
    special_after: u32,
    /// Special tokens of a pair of texts, where it can join them.
    pair_special: u32,
    joins_pairs: bool,
}

/// What was encoded, borrowed from an `Encoded` until it is encoded into again.
#[repr(C)]
pub struct View {
    ids: *const i32,
    type_ids: *const i32,
    /// One per text: where its ids end.
    ends: *const u32,
    /// One per text: its tokens before truncation; a lower bound where `exact` is 0.
    totals: *const u32,
    exact: *const u8,
    texts: usize,
    has_types: bool,
}

/// Runs `work`; a message goes to `error` where it fails or panics.
fn guarded(error: *mut Message, work: impl FnOnce() -> Result<(), String>) -> bool {
    let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<&str>().map(|text| text.to_string());
        let said = said.or_else(|| panic.downcast_ref::<String>().cloned());
        Err(format!("the tokenizer gave up: {}", said.unwrap_or_else(|| "no reason".into())))
    });
    match outcome {
        Ok(()) => true,
        Err(text) => {
            unsafe { *error = Message::new(text) };
            false
        }
    }
}

/// # Safety
/// The pointers are valid; `out` and `error` are written.
#[no_mangle]
pub unsafe extern "C" fn mm_tokenizer_open(
    json: Bytes,
    lower_case: bool,
    out: *mut *mut Tokenizer,
    info: *mut Info,
    error: *mut Message,
) -> bool {
    guarded(error, || {
        let tokenizer = Tokenizer::open(json.as_slice(), lower_case)?;
        *info = Info {
            vocabulary: tokenizer.vocabulary(),
            special_before: tokenizer.special_before as u32,
            special_after: tokenizer.special_after as u32,
            pair_special: tokenizer.pair.as_ref().map_or(0, |frame| frame.special() as u32),
            joins_pairs: tokenizer.pair.is_some(),
        };
        *out = Box::into_raw(Box::new(tokenizer));
        Ok(())
    })
}

/// # Safety
/// `tokenizer` comes from `mm_tokenizer_open` and is not used again.
#[no_mangle]
pub unsafe extern "C" fn mm_tokenizer_close(tokenizer: *mut Tokenizer) {
    drop(Box::from_raw(tokenizer));
}

#[no_mangle]
pub extern "C" fn mm_encoded_new() -> *mut Encoded {
    Box::into_raw(Box::default())
}

/// # Safety
/// `encoded` comes from `mm_encoded_new` and is not used again.
#[no_mangle]
pub unsafe extern "C" fn mm_encoded_free(encoded: *mut Encoded) {
    drop(Box::from_raw(encoded));
}

/// Encodes `count` texts, special tokens included, each cut to `max_tokens`; `whole` asks for exact totals.
///
/// # Safety
/// The pointers are valid; `encoded` is used by this thread alone.
#[no_mangle]
pub unsafe extern "C" fn mm_tokenizer_encode(
    tokenizer: *const Tokenizer,
    texts: *const Bytes,
    count: usize,
    max_tokens: usize,
    whole: bool,
    encoded: *mut Encoded,
    error: *mut Message,
) -> bool {
    guarded(error, || {
        let encoded = &mut *encoded;
        encoded.clear();
        for index in 0..count {
            let text = std::str::from_utf8((*texts.add(index)).as_slice())
                .map_err(|problem| format!("text {index} is not valid UTF-8: {problem}"))?;
            encode::append(&*tokenizer, text, max_tokens, whole, encoded)
                .map_err(|problem| format!("text {index} cannot be tokenised: {problem}"))?;
        }
        Ok(())
    })
}

/// Encodes `count` pairs of texts, the special tokens around and between them included, each cut to `max_tokens`: the
/// longer text first. Pairs in a row whose first text is the same piece of memory share its tokens.
///
/// # Safety
/// The pointers are valid, `firsts` and `seconds` to `count` texts each; `encoded` is used by this thread alone.
#[no_mangle]
pub unsafe extern "C" fn mm_tokenizer_encode_pairs(
    tokenizer: *const Tokenizer,
    firsts: *const Bytes,
    seconds: *const Bytes,
    count: usize,
    max_tokens: usize,
    whole: bool,
    encoded: *mut Encoded,
    error: *mut Message,
) -> bool {
    guarded(error, || {
        let encoded = &mut *encoded;
        encoded.clear();
        let mut pairs = encode::PairEncoder::new(&*tokenizer, max_tokens, whole)?;
        for index in 0..count {
            let text = |side: *const Bytes, name: &str| {
                std::str::from_utf8((*side.add(index)).as_slice())
                    .map_err(|problem| format!("the {name} text of pair {index} is not valid UTF-8: {problem}"))
            };
            pairs
                .append(text(firsts, "first")?, text(seconds, "second")?, encoded)
                .map_err(|problem| format!("pair {index} cannot be tokenised: {problem}"))?;
        }
        Ok(())
    })
}

/// # Safety
/// `encoded` comes from `mm_encoded_new`.
#[no_mangle]
pub unsafe extern "C" fn mm_encoded_view(encoded: *const Encoded) -> View {
    let encoded = &*encoded;
    View {
        ids: encoded.ids.as_ptr(),
        type_ids: encoded.type_ids.as_ptr(),
        ends: encoded.ends.as_ptr(),
        totals: encoded.totals.as_ptr(),
        exact: encoded.exact.as_ptr(),
        texts: encoded.ends.len(),
        has_types: encoded.has_types,
    }
}

/// # Safety
/// `message` comes from this library and is not used again.
#[no_mangle]
pub unsafe extern "C" fn mm_tokenizer_message_free(message: Message) {
    drop(Box::from_raw(std::ptr::slice_from_raw_parts_mut(message.data, message.size)));
}
