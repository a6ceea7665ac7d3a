import { describe, expect, it } from 'vitest';
import { parseExactJson } from '../../../src/usage/exactJson.ts';

describe('JSON that keeps every digit', () => {
  it('is written again as it came: its numbers as they stood, and all else', () => {
    const text = '{"cost":28.82860766744404945074,"list":[1.0,-0,"1.0",true,null],"10":{}}';
    expect(JSON.stringify(parseExactJson(text))).toBe(
      '{"10":{},"cost":28.82860766744404945074,"list":[1.0,-0,"1.0",true,null]}',
    );
  });

  it('is read like any other but for its numbers', () => {
    const value = { name: 'Maple Foods', isActive: true, nothing: null, list: ['a', {}] };
    expect(parseExactJson(JSON.stringify(value))).toEqual(value);
  });

  it('may begin with one byte order mark, and no more', () => {
    expect(parseExactJson('\uFEFF["a"]')).toEqual(['a']);
    expect(() => parseExactJson('\uFEFF\uFEFF["a"]')).toThrow(SyntaxError);
  });
});
