/** A piece of a page: markup that may be inserted as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Content = Html | string | number | false | undefined | readonly Content[];

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Markup from a template. Whatever is inserted is escaped, for text and quoted attributes alike,
 * except what was itself made by a template.
 */
export function html({ raw }: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(String.raw({ raw }, ...contents.map(toMarkup)));
}

function toMarkup(content: Content): string {
  if (content === undefined || content === false) return '';
  if (content instanceof Html) return content.text;
  if (Array.isArray(content)) return content.map(toMarkup).join('');
  return String(content).replace(/[&<>"']/g, (character) => escapes[character] ?? character);
}
