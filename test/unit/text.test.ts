import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { clip, escapeHidden, escapeHiddenInLines, quote, shorten } from '../../src/text.ts';

/** Each changes how the text around it is shown, or is not to be seen itself. */
const hidden: [string, string][] = [
  ['\u0000', '\\u0000'],
  ['\u001b', '\\u001b'],
  ['\u007f', '\\u007f'],
  ['\u009b', '\\u009b'],
  ['\u00ad', '\\u00ad'],
  ['\u200b', '\\u200b'],
  ['\u200d', '\\u200d'],
  ['\u200e', '\\u200e'],
  ['\u2028', '\\u2028'],
  ['\u2029', '\\u2029'],
  ['\u202a', '\\u202a'],
  ['\u202e', '\\u202e'],
  ['\u2066', '\\u2066'],
  ['\u2069', '\\u2069'],
  ['\ufeff', '\\ufeff'],
  ['\ud83d', '\\ud83d'],
  ['\u{e0041}', '\\u{e0041}'],
];

describe('a character that nobody would see', () => {
  it.each(hidden)('%j is shown as %s', (character, shown) => {
    expect(escapeHidden(`a${character}b`)).toBe(`a${shown}b`);
    expect(escapeHiddenInLines(`a${character}b\nc`)).toBe(`a${shown}b\nc`);
  });

  it('is none of a name in any script', () => {
    for (const name of ['Größe & Söhne', '株式会社', 'שלום', 'نام', 'हिन्दी', '😀', '❤️', 'a b']) {
      expect(escapeHidden(name)).toBe(name);
    }
  });

  it('also ends no line, where a text is part of one', () => {
    expect(escapeHidden('one\r\ntwo')).toBe('one\\u000d\\u000atwo');
  });
});

describe('what somebody else wrote', () => {
  it('is quoted by its first 200 characters, whichever these are, with a note of its length', () => {
    for (const character of ['x', 'é', '株', '😀']) {
      const all = character.repeat(200);
      expect(quote(all)).toBe(all);
      const cut = `${all}… (cut, ${(character.length * 100_000).toString()} characters)`;
      expect(quote(character.repeat(100_000))).toBe(cut);
    }
  });

  it('is quoted on one line', () => {
    expect(quote('one\ntwo\u202e')).toBe('one\\u000atwo\\u202e');
  });
});

test('a text is cut between characters, never within one', () => {
  expect(clip('abc', 3)).toBe('abc');
  expect(clip('abcd', 3)).toBe('abc');
  expect(clip('ab😀', 3)).toBe('ab');
  expect(clip('ab😀', 4)).toBe('ab😀');
  expect(clip('a😀b', 3)).toBe('a😀');
  expect(shorten('ab😀', 3)).toBe('ab… (cut, 4 characters)');
});

test('half a character, which storage cannot hold, becomes the replacement character', () => {
  expect(clip('a\ud83d', 10)).toBe('a\ufffd');
});

test('whatever a text holds, its quote is short, whole and nothing but seen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const quoted = quote(text);
      expect(quoted.length).toBeLessThan(200 * 9 + 40);
      expect(quoted.isWellFormed()).toBe(true);
      expect(quoted).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
  );
});
