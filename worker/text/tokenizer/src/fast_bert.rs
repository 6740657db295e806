//! BERT's WordPiece for plain ASCII text, twenty times as fast as the general way and with the same result: most texts
//! of most requests are just that. Anything else, from an accent to a bracket that may begin a special token, is left
//! to the general way.

use std::collections::HashMap;

use tokenizers::{Model, ModelWrapper, NormalizerWrapper, PreTokenizerWrapper};

use crate::encode::Encoded;

#[derive(Clone, Copy, PartialEq)]
enum Class {
    /// Part of a word.
    Letter,
    /// Between words.
    Space,
    /// A word of its own.
    Punctuation,
    /// Removed: "a\x01b" is the word "ab".
    Control,
    /// Not for here.
    Foreign,
}

pub(crate) struct FastBert {
    classes: [Class; 256],
    lower: [u8; 256],
    /// Tokens that begin a word, and those that continue one, without their prefix.
    words: HashMap<Box<[u8]>, i32>,
    pieces: HashMap<Box<[u8]>, i32>,
    longest: usize,
    unknown: i32,
    max_word: usize,
    before: Vec<i32>,
    after: Vec<i32>,
}

impl FastBert {
    /// Nothing where the tokenizer is of another kind. `before` and `after` are the special tokens around every text.
    pub(crate) fn of(tokenizer: &tokenizers::Tokenizer, before: &[u32], after: &[u32]) -> Option<Self> {
        let ModelWrapper::WordPiece(model) = tokenizer.get_model() else { return None };
        let Some(NormalizerWrapper::BertNormalizer(normalizer)) = tokenizer.get_normalizer() else { return None };
        let Some(PreTokenizerWrapper::BertPreTokenizer(_)) = tokenizer.get_pre_tokenizer() else { return None };
        if !normalizer.clean_text {
            return None;
        }
        let (classes, lower) = (classes(tokenizer)?, lower(normalizer.lowercase));
        let ids = |ids: &[u32]| ids.iter().map(|&id| id as i32).collect();
        let mut fast = FastBert {
            classes,
            lower,
            words: HashMap::new(),
            pieces: HashMap::new(),
            longest: 0,
            unknown: model.token_to_id(&model.unk_token)? as i32,
            max_word: model.max_input_chars_per_word,
            before: ids(before),
            after: ids(after),
        };
        for (token, id) in model.get_vocab() {
            fast.longest = fast.longest.max(token.len());
            if let Some(piece) = token.strip_prefix(&model.continuing_subword_prefix) {
                fast.pieces.insert(piece.as_bytes().into(), id as i32);
            }
            fast.words.insert(token.into_bytes().into(), id as i32);
        }
        Some(fast)
    }

    /// Appends the text's tokens; false, with `out` as it was, where the text is not for here.
    pub(crate) fn append(&self, text: &str, max_tokens: usize, whole: bool, out: &mut Encoded) -> bool {
        let begin = out.ids.len();
        out.ids.extend(&self.before);
        // Where the count is not asked for, one token more than fits shows that the text is cut.
        let enough = if whole { usize::MAX } else { (max_tokens + 1).saturating_sub(self.before.len()) };
        let Some(exact) = self.words(text, enough, &mut out.ids) else {
            out.ids.truncate(begin);
            return false;
        };
        let total = out.ids.len() - begin + self.after.len();
        let kept = (out.ids.len() - begin).min(max_tokens.saturating_sub(self.after.len()));
        out.ids.truncate(begin + kept);
        out.ids.extend(&self.after[self.after.len().saturating_sub(max_tokens)..]);
        out.type_ids.resize(out.ids.len(), 0);
        out.ends.push(out.ids.len() as u32);
        out.totals.push(total as u32);
        out.exact.push(u8::from(exact));
        true
    }

    /// Appends the text's tokens without special ones, and stops once there are `enough`; whether it came to the end.
    /// Nothing, with `ids` as they were, where the text is not for here.
    pub(crate) fn words(&self, text: &str, enough: usize, ids: &mut Vec<i32>) -> Option<bool> {
        let begin = ids.len();
        let mut word = Vec::with_capacity(32);
        for &byte in text.as_bytes() {
            let class = self.classes[byte as usize];
            match class {
                Class::Letter => word.push(self.lower[byte as usize]),
                Class::Control => {}
                Class::Space | Class::Punctuation => {
                    self.finish(&mut word, ids);
                    if class == Class::Punctuation {
                        word.push(byte);
                        self.finish(&mut word, ids);
                    }
                    if ids.len() - begin >= enough {
                        return Some(false);
                    }
                }
                Class::Foreign => {
                    ids.truncate(begin);
                    return None;
                }
            }
        }
        self.finish(&mut word, ids);
        Some(true)
    }

    /// The longest tokens that make up the word, or the unknown token for all of it.
    fn finish(&self, word: &mut Vec<u8>, ids: &mut Vec<i32>) {
        if word.is_empty() {
            return;
        }
        let begin = ids.len();
        let mut start = 0;
        while start < word.len() && word.len() <= self.max_word {
            let known = if start == 0 { &self.words } else { &self.pieces };
            let longest = word.len().min(start + self.longest);
            let found = (start + 1..=longest).rev().find_map(|end| known.get(&word[start..end]).map(|&id| (end, id)));
            let Some((end, id)) = found else { break };
            ids.push(id);
            start = end;
        }
        if start < word.len() {
            ids.truncate(begin);
            ids.push(self.unknown);
        }
        word.clear();
    }
}

/// Nothing where an added token could appear in plain text without showing by its first character.
fn classes(tokenizer: &tokenizers::Tokenizer) -> Option<[Class; 256]> {
    let mut classes = [Class::Foreign; 256];
    for byte in 0..=127u8 {
        classes[byte as usize] = match byte {
            b' ' | b'\t' | b'\n' | b'\r' => Class::Space,
            _ if byte.is_ascii_control() => Class::Control,
            _ if byte.is_ascii_punctuation() => Class::Punctuation,
            _ => Class::Letter,
        };
    }
    for token in tokenizer.get_added_tokens_decoder().values() {
        let first = token.content.bytes().next()?;
        if !first.is_ascii() && token.normalized {
            return None;
        }
        classes[first.to_ascii_lowercase() as usize] = Class::Foreign;
        classes[first.to_ascii_uppercase() as usize] = Class::Foreign;
    }
    Some(classes)
}

fn lower(wanted: bool) -> [u8; 256] {
    std::array::from_fn(|byte| if wanted { (byte as u8).to_ascii_lowercase() } else { byte as u8 })
}

#[cfg(test)]
mod tests {
    use crate::encode::{append, Encoded, PairEncoder};
    use crate::Tokenizer;

    fn tokenizer() -> Tokenizer {
        let mut vocabulary: Vec<String> = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "cat", "##s", "##at", "sat", "catsat", "##"]
            .map(String::from)
            .into();
        vocabulary.extend("abcdefgh0123.,!?'#".chars().flat_map(|c| [c.to_string(), format!("##{c}")]));
        vocabulary.sort_by_key(|token| !token.starts_with('['));
        vocabulary.dedup();
        let ids: Vec<String> = vocabulary.iter().enumerate().map(|(id, token)| format!("{token:?}:{id}")).collect();
        let special: Vec<String> = (0..4)
            .map(|id| {
                let content = &vocabulary[id];
                format!(
                    r#"{{"id":{id},"content":"{content}","single_word":false,"lstrip":false,"rstrip":false,
                        "normalized":false,"special":true}}"#
                )
            })
            .collect();
        let json = format!(
            r#"{{"version":"1.0","truncation":null,"padding":null,"added_tokens":[{}],
                "normalizer":{{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,
                               "strip_accents":null,"lowercase":true}},
                "pre_tokenizer":{{"type":"BertPreTokenizer"}},
                "post_processor":{{"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]}},"decoder":null,
                "model":{{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"\u0023\u0023",
                          "max_input_chars_per_word":9,"vocab":{{{}}}}}}}"#,
            special.join(","),
            ids.join(",")
        );
        Tokenizer::open(json.as_bytes(), false).unwrap()
    }

    /// Random texts of what is common, rare and odd in ASCII, from a generator of its own so that they never change.
    fn texts() -> Vec<String> {
        let parts = ["the", "Cat", "cats", "SAT", "catsat", "a", "h", "z", "0", ".", "!", "'", "#", "##s", " ", "  ", "\t", "\n",
            "\x00", "\x01", "\x0b", "\x0c", "\x1c", "\x7f", "abcdefgha", "abcdefghab", "[SEP]", "[", "é"];
        let mut state = 7u64;
        let mut next = move |below: usize| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33) as usize % below
        };
        (0..5000).map(|_| (0..next(12)).map(|_| parts[next(parts.len())]).collect()).collect()
    }

    #[test]
    fn gives_what_the_general_way_gives() {
        let fast = tokenizer();
        assert!(fast.fast.is_some());
        let general = Tokenizer { fast: None, ..tokenizer() };
        for text in texts() {
            for (max_tokens, whole) in [(100, true), (5, true), (5, false), (2, true), (1, true)] {
                let (mut ours, mut theirs) = (Encoded::default(), Encoded::default());
                append(&fast, &text, max_tokens, whole, &mut ours).unwrap();
                append(&general, &text, max_tokens, whole, &mut theirs).unwrap();
                assert_eq!(ours.ids, theirs.ids, "{text:?} to {max_tokens}");
                assert_eq!(ours.ends, theirs.ends);
                assert_eq!(ours.totals[0] as usize > max_tokens, theirs.totals[0] as usize > max_tokens, "{text:?}");
                assert!(!whole || ours.totals == theirs.totals, "{text:?}");
            }
        }
    }

    /// The crate's own truncation of pairs is the yardstick, and the general way without it the way to it.
    #[test]
    fn cuts_pairs_as_the_crate_does() {
        let fast = tokenizer();
        let general = Tokenizer { fast: None, ..tokenizer() };
        for max_length in [3, 4, 5, 8, 9, 40] {
            let mut crates = tokenizer().inner;
            crates.with_truncation(Some(tokenizers::TruncationParams { max_length, ..Default::default() })).unwrap();
            for pair in texts().chunks_exact(2).take(800) {
                let theirs = crates.encode_fast((pair[0].as_str(), pair[1].as_str()), true).unwrap();
                for (tokenizer, whole) in [(&fast, true), (&fast, false), (&general, false)] {
                    let mut ours = Encoded::default();
                    let mut pairs = PairEncoder::new(tokenizer, max_length, whole).unwrap();
                    pairs.append(&pair[0], &pair[1], &mut ours).unwrap();
                    let ids: Vec<u32> = ours.ids.iter().map(|&id| id as u32).collect();
                    let types: Vec<u32> = ours.type_ids.iter().map(|&id| id as u32).collect();
                    assert_eq!(ids, theirs.get_ids(), "{pair:?} to {max_length}");
                    assert_eq!(types, theirs.get_type_ids(), "{pair:?} to {max_length}");
                    assert_eq!(ours.totals[0] as usize > max_length, !theirs.get_overflowing().is_empty(), "{pair:?}");
                }
            }
        }
    }

    #[test]
    fn a_first_text_that_stays_is_read_once_and_a_new_one_again() {
        let fast = tokenizer();
        let mut together = Encoded::default();
        let mut pairs = PairEncoder::new(&fast, 9, true).unwrap();
        let firsts = ["the cat", "the cat", "sat"];
        for (first, second) in firsts.iter().zip(["a", "cats sat", ""]) {
            pairs.append(first, second, &mut together).unwrap();
        }
        let mut alone = Encoded::default();
        for (first, second) in firsts.iter().zip(["a", "cats sat", ""]) {
            PairEncoder::new(&fast, 9, true).unwrap().append(first, second, &mut alone).unwrap();
        }
        assert_eq!((together.ids, together.ends), (alone.ids, alone.ends));
    }
}
