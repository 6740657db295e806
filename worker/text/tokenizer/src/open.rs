//! Opening a tokenizer.json. Its own padding and truncation are dropped: lengths are the model folder's matter.

use tokenizers::normalizers::utils::{Lowercase, Sequence};
use tokenizers::NormalizerWrapper;

use crate::encode::PairFrame;
use crate::fast_bert::FastBert;

pub struct Tokenizer {
    pub(crate) inner: tokenizers::Tokenizer,
    /// Special tokens that every text gets in front and behind.
    pub(crate) special_before: usize,
    pub(crate) special_after: usize,
    /// Nothing where two texts cannot be joined.
    pub(crate) pair: Option<PairFrame>,
    pub(crate) fast: Option<FastBert>,
}

impl Tokenizer {
    pub(crate) fn open(json: &[u8], lower_case: bool) -> Result<Self, String> {
        let mut inner = tokenizers::Tokenizer::from_bytes(json).map_err(|problem| problem.to_string())?;
        inner.with_padding(None);
        inner.with_truncation(None).map_err(|problem| problem.to_string())?;
        if lower_case && !inner.get_normalizer().is_some_and(lowers) {
            let mut steps = vec![NormalizerWrapper::Lowercase(Lowercase)];
            steps.extend(inner.get_normalizer().cloned());
            inner.with_normalizer(Some(Sequence::new(steps)));
        }
        let plain = inner.encode_fast("a", false).map_err(|problem| problem.to_string())?;
        let full = inner.encode_fast("a", true).map_err(|problem| problem.to_string())?;
        let (special_before, special_after) = special_tokens(plain.get_ids(), full.get_ids())?;
        let (before, rest) = full.get_ids().split_at(special_before);
        let plain_types = full.get_type_ids().iter().all(|&id| id == 0);
        let fast = plain_types.then(|| FastBert::of(&inner, before, &rest[plain.len()..])).flatten();
        let pair = pair_frame(&inner, plain.get_ids());
        Ok(Tokenizer { inner, special_before, special_after, pair, fast })
    }

    /// One more than the largest id it can give.
    pub(crate) fn vocabulary(&self) -> u32 {
        let ids = self.inner.get_vocab(true);
        ids.into_values().max().map_or(0, |largest| largest + 1)
    }
}

fn lowers(normalizer: &NormalizerWrapper) -> bool {
    match normalizer {
        NormalizerWrapper::BertNormalizer(bert) => bert.lowercase,
        NormalizerWrapper::Lowercase(_) => true,
        NormalizerWrapper::Sequence(steps) => steps.as_ref().iter().any(lowers),
        _ => false,
    }
}

/// Counted on a text of one word: what its encoding has more with special tokens than without.
fn special_tokens(plain: &[u32], full: &[u32]) -> Result<(usize, usize), String> {
    let added = full.len().saturating_sub(plain.len());
    (0..=added)
        .find(|&before| full[before..].starts_with(plain))
        .map(|before| (before, added - before))
        .ok_or_else(|| "its post-processor changes the tokens of a text, not only adds special ones".into())
}

fn pair_frame(tokenizer: &tokenizers::Tokenizer, first: &[u32]) -> Option<PairFrame> {
    let second = tokenizer.encode_fast("b", false).ok()?;
    let full = tokenizer.encode_fast(("a", "b"), true).ok()?;
    PairFrame::of(first, second.get_ids(), full.get_ids(), full.get_type_ids())
}
