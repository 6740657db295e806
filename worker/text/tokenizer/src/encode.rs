//! One text after another into flat arrays, cut to a length with the special tokens kept.

use crate::open::Tokenizer;

#[derive(Default)]
pub struct Encoded {
    pub(crate) ids: Vec<i32>,
    pub(crate) type_ids: Vec<i32>,
    pub(crate) ends: Vec<u32>,
    pub(crate) totals: Vec<u32>,
    pub(crate) exact: Vec<u8>,
    pub(crate) has_types: bool,
}

impl Encoded {
    pub(crate) fn clear(&mut self) {
        self.ids.clear();
        self.type_ids.clear();
        self.ends.clear();
        self.totals.clear();
        self.exact.clear();
        self.has_types = false;
    }
}

/// Texts up to here are always encoded whole.
const SHORT_BYTES: usize = 16 << 10;
/// Bytes of text looked at for each token that may be kept.
const BYTES_PER_TOKEN: usize = 32;
/// Tokens beyond the limit that the beginning must give before the rest is ignored, so that what the cut did to the
/// last word cannot reach the tokens that are kept.
const MARGIN: usize = 16;

/// The beginning of a long text, up to white space, from which the first `max_tokens` tokens most likely come.
fn beginning(text: &str, max_tokens: usize) -> Option<&str> {
    let limit = SHORT_BYTES.max(max_tokens.saturating_mul(BYTES_PER_TOKEN));
    if text.len() <= limit {
        return None;
    }
    let cut = text.as_bytes()[..limit].iter().rposition(|&byte| byte == b' ' || byte == b'\n')?;
    (cut > limit / 2).then(|| &text[..cut])
}

pub(crate) fn append(
    tokenizer: &Tokenizer,
    text: &str,
    max_tokens: usize,
    whole: bool,
    out: &mut Encoded,
) -> tokenizers::Result<()> {
    if tokenizer.fast.as_ref().is_some_and(|fast| fast.append(text, max_tokens, whole, out)) {
        return Ok(());
    }
    if let Some(start) = (!whole).then(|| beginning(text, max_tokens)).flatten() {
        let encoding = tokenizer.inner.encode_fast(start, true)?;
        if encoding.len() >= max_tokens + MARGIN {
            push(tokenizer, &encoding, max_tokens, false, out);
            return Ok(());
        }
    }
    let encoding = tokenizer.inner.encode_fast(text, true)?;
    push(tokenizer, &encoding, max_tokens, true, out);
    Ok(())
}

fn push(tokenizer: &Tokenizer, encoding: &tokenizers::Encoding, max_tokens: usize, exact: bool, out: &mut Encoded) {
    let (ids, types) = (encoding.get_ids(), encoding.get_type_ids());
    let tail = tokenizer.special_after.min(max_tokens).min(ids.len());
    let head = ids.len().min(max_tokens) - tail;
    let rest = ids.len() - tail;
    out.ids.extend(ids[..head].iter().chain(&ids[rest..]).map(|&id| id as i32));
    out.type_ids.extend(types[..head].iter().chain(&types[rest..]).map(|&id| id as i32));
    out.has_types |= types.iter().any(|&id| id != 0);
    out.ends.push(out.ids.len() as u32);
    out.totals.push(ids.len() as u32);
    out.exact.push(u8::from(exact));
}
