//! One text or pair of texts after another into flat arrays, cut to a length with the special tokens kept.

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

/// The plain tokens of one text of a pair, as far as a cut to `room` tokens can depend on them.
#[derive(Default)]
pub(crate) struct Side {
    ids: Vec<i32>,
    exact: bool,
}

impl Side {
    fn read(&mut self, tokenizer: &Tokenizer, text: &str, room: usize, whole: bool) -> tokenizers::Result<()> {
        self.ids.clear();
        self.exact = true;
        // One token more than there is room for: however many follow, the cut is the same.
        let enough = if whole { usize::MAX } else { room + 1 };
        if let Some(exact) = tokenizer.fast.as_ref().and_then(|fast| fast.words(text, enough, &mut self.ids)) {
            self.exact = exact;
            return Ok(());
        }
        if let Some(start) = (!whole).then(|| beginning(text, room)).flatten() {
            let encoding = tokenizer.inner.encode_fast(start, false)?;
            if encoding.len() >= room + MARGIN {
                self.exact = false;
                self.ids.extend(encoding.get_ids()[..enough].iter().map(|&id| id as i32));
                return Ok(());
            }
        }
        let encoding = tokenizer.inner.encode_fast(text, false)?;
        self.ids.extend(encoding.get_ids().iter().map(|&id| id as i32));
        Ok(())
    }
}

/// How much of each text is kept: the longer one is cut first, down to the shorter one's length, then both.
fn longest_first(first: usize, second: usize, room: usize) -> (usize, usize) {
    if first + second <= room {
        return (first, second);
    }
    let shorter = first.min(second).min(room / 2);
    if first <= second {
        (shorter, room - shorter)
    } else {
        (room - shorter, shorter)
    }
}

/// Pairs on their way through: the tokens of the first text stay for as long as it is the very same one, as a query is
/// for all of its documents.
pub(crate) struct PairEncoder<'a> {
    tokenizer: &'a Tokenizer,
    frame: &'a PairFrame,
    max_tokens: usize,
    whole: bool,
    last_first: Option<(*const u8, usize)>,
    first: Side,
    second: Side,
}

impl<'a> PairEncoder<'a> {
    pub(crate) fn new(tokenizer: &'a Tokenizer, max_tokens: usize, whole: bool) -> Result<Self, String> {
        let frame = tokenizer.pair.as_ref().ok_or("this tokenizer does not know how to join two texts")?;
        Ok(PairEncoder {
            tokenizer,
            frame,
            max_tokens,
            whole,
            last_first: None,
            first: Side::default(),
            second: Side::default(),
        })
    }

    /// An odd room cannot be halved: where both texts are longer than it, the longer one gets the token that is left.
    fn read_on_where_it_matters(&mut self, first: &str, second: &str, room: usize) -> tokenizers::Result<()> {
        let both_longer = self.first.ids.len() > room && self.second.ids.len() > room;
        if room % 2 == 1 && both_longer && !(self.first.exact && self.second.exact) {
            self.first.read(self.tokenizer, first, room, true)?;
            self.second.read(self.tokenizer, second, room, true)?;
        }
        Ok(())
    }

    pub(crate) fn append(&mut self, first: &str, second: &str, out: &mut Encoded) -> tokenizers::Result<()> {
        let room = self.max_tokens.saturating_sub(self.frame.special());
        let place = (first.as_ptr(), first.len());
        if self.last_first != Some(place) {
            self.last_first = None;
            self.first.read(self.tokenizer, first, room, self.whole)?;
            self.last_first = Some(place);
        }
        self.second.read(self.tokenizer, second, room, self.whole)?;
        self.read_on_where_it_matters(first, second, room)?;
        let (kept_first, kept_second) = longest_first(self.first.ids.len(), self.second.ids.len(), room);
        let begin = out.ids.len();
        let frame = self.frame;
        for (ids, kind) in [
            (frame.before.ids(), frame.before.types()),
            (&self.first.ids[..kept_first], Types::One(frame.first_type)),
            (frame.between.ids(), frame.between.types()),
            (&self.second.ids[..kept_second], Types::One(frame.second_type)),
            (frame.after.ids(), frame.after.types()),
        ] {
            out.ids.extend_from_slice(ids);
            match kind {
                Types::One(one) => out.type_ids.resize(out.ids.len(), one),
                Types::Each(each) => out.type_ids.extend_from_slice(each),
            }
        }
        out.has_types |= out.type_ids[begin..].iter().any(|&kind| kind != 0);
        out.ends.push(out.ids.len() as u32);
        out.totals.push((self.first.ids.len() + self.second.ids.len() + frame.special()) as u32);
        out.exact.push(u8::from(self.first.exact && self.second.exact));
        Ok(())
    }
}

enum Types<'a> {
    One(i32),
    Each(&'a [i32]),
}

/// Special tokens in a row, with their types.
#[derive(Debug, PartialEq)]
pub(crate) struct Specials {
    ids: Vec<i32>,
    types: Vec<i32>,
}

impl Specials {
    fn of(ids: &[u32], types: &[u32]) -> Self {
        Specials { ids: ids.iter().map(|&id| id as i32).collect(), types: types.iter().map(|&id| id as i32).collect() }
    }
    fn ids(&self) -> &[i32] {
        &self.ids
    }
    fn types(&self) -> Types<'_> {
        Types::Each(&self.types)
    }
}

/// What a tokenizer puts around and between the texts of a pair.
#[derive(Debug, PartialEq)]
pub(crate) struct PairFrame {
    before: Specials,
    first_type: i32,
    between: Specials,
    second_type: i32,
    after: Specials,
}

impl PairFrame {
    /// Found on a pair of one word each: where their tokens lie among those of the pair.
    pub(crate) fn of(first: &[u32], second: &[u32], full: &[u32], types: &[u32]) -> Option<Self> {
        let added = full.len().checked_sub(first.len() + second.len())?;
        for before in (0..=added).filter(|&before| full[before..].starts_with(first)) {
            let rest = before + first.len();
            let Some(between) = (0..=added - before).find(|&between| full[rest + between..].starts_with(second)) else {
                continue;
            };
            let (start, end) = (rest + between, rest + between + second.len());
            return Some(PairFrame {
                before: Specials::of(&full[..before], &types[..before]),
                first_type: types[before] as i32,
                between: Specials::of(&full[rest..start], &types[rest..start]),
                second_type: types[start] as i32,
                after: Specials::of(&full[end..], &types[end..]),
            });
        }
        None
    }

    pub(crate) fn special(&self) -> usize {
        self.before.ids.len() + self.between.ids.len() + self.after.ids.len()
    }
}
