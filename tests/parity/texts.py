"""A thousand varied texts, the same in every run: many scripts, emoji, right-to-left, control characters, all lengths."""

import random

SAMPLES = [
    "The quick brown fox jumps over the lazy dog.",
    "Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.",
    "Voix ambiguë d'un cœur qui au zéphyr préfère les jattes de kiwis.",
    "Съешь ещё этих мягких французских булок, да выпей чаю.",
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία.",
    "نص حكيم له سر قاطع وذو شأن عظيم مكتوب على ثوب أخضر",
    "דג סקרן שט בים מאוכזב ולפתע מצא חברה",
    "いろはにほへと ちりぬるを 東京都に住んでいます。",
    "敏捷的棕色狐狸跳过懒狗，然后回家吃饭。",
    "키스의 고유조건은 입술끼리 만나야 하고 특별한 기술은 필요치 않다.",
    "ऋषियों को सताने वाले दुष्ट राक्षसों के राजा रावण का सर्वनाश",
    "นายสังฆภัณฑ์ เฮงพิทักษ์ฝั่ง ผู้เฒ่าซึ่งมีอาชีพเป็นฅนขายฃวด",
    "Pijamalı hasta yağız şoföre çabucak güvendi. İSTANBUL ıŞıK",
    "Do bạch kim rất quý nên sẽ dùng để lắp vô xương.",
    "👩‍👩‍👧‍👦 family 🏳️‍🌈 flags 🇩🇪🇯🇵 and 😀😂🥲 faces 👍🏽",
    "e\u0301 combining \u0327 marks a\u0308o\u0308u\u0308 and ligatures ﬁ ﬂ ﬀ",
    "\u202eright to left override\u202c \u200bzero\u200bwidth\u200d joiners\ufeff",
    "controls \x01\x02\x03 bell\x07 tab\tnew\nline\r\nform\x0cfeed \x7f \x80\x9f",
    "NUL \x00 inside \x00\x00 a text",
    "email@example.com https://example.org/path?q=1&b=%20#x C:\\Users\\me ~/.ssh",
    "3.14159 1,000,000 −42 ½ ² ³ Ⅳ ٣ 四 १२३ 1e-9 0xFF",
    "def f(x): return {k: v for k, v in x.items()}  # code",
    "<b>bold</b> &amp; [CLS] [SEP] [MASK] [PAD] [UNK] ##ing </s> <s>",
    "𝕸𝖆𝖙𝖍 𝓼𝓬𝓻𝓲𝓹𝓽 𝔸𝔹ℂ ｆｕｌｌｗｉｄｔｈ ①②③ ㍿ ℡",
    "quote “curly” ‘single’ «guillemets» „low“ — em–en‑dash… • § ¶ † ™ ©",
    "ΑΣ ΟΔΟΣ ς final sigma; straße STRASSE ß ẞ; ĲSSELMEER Ǆ ǅ",
    "\ud7ff\ue000\ufffd private use and replacement \U000e0041\U0010fffd",
    "don't can't won't it's rock'n'roll O'Neill's l'été",
    "supercalifragilisticexpialidocious" * 4,
    "antidisestablishmentarianism floccinaucinihilipilification pneumonoultramicroscopicsilicovolcanoconiosis",
    "",
    " ",
    "\n\t ",
    "?",
    "a",
]


def varied_texts(count=1000):
    picker = random.Random(20261121)
    texts = list(SAMPLES)
    texts.append("x" * 5000)
    texts.append("word " * 20000)
    texts.append("漢字" * 3000)
    while len(texts) < count:
        words = " ".join(picker.choice(SAMPLES) for _ in range(picker.choice([1, 1, 2, 3, 6]))).split(" ")
        picker.shuffle(words)
        length = picker.choice([1, 2, 4, 8, 12, 16, 30, 60])
        text = " ".join(words[:length])
        if picker.random() < 0.2:
            text = text.upper()
        if picker.random() < 0.2:
            text += "".join(chr(picker.choice([picker.randrange(32, 0x2FF), picker.randrange(0x370, 0xD7FF)])) for _ in range(8))
        texts.append(text)
    return texts[:count]
