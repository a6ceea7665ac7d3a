import { createRequire } from 'node:module';

/**
 * Kusto's own language service, as far as it is used here: Microsoft's C#, compiled to JavaScript.
 * Its own declarations are not for modules, and describe 1.7 MB of it.
 */
interface KustoLanguage {
  GlobalState: { Default: GlobalState };
  KustoCode: { ParseAndAnalyze(text: string, globals: GlobalState): KustoCode };
  Symbols: {
    DatabaseSymbol: { ctor: new (name: string, tables: unknown[]) => unknown };
    TableSymbol: { From(schema: string): { WithName(name: string): unknown } };
  };
  Syntax: {
    SyntaxElement: { WalkNodes(root: SyntaxNode, visit: (node: SyntaxNode) => void): void };
    SyntaxKind: Record<string, number> & { PathExpression: number; ElementExpression: number };
  };
}

interface GlobalState {
  WithDatabase(database: unknown): GlobalState;
}

interface List<T> {
  Count: number;
  getItem(index: number): T;
}

interface KustoCode {
  Syntax: SyntaxNode;
  ResultType: { Columns: List<{ Name: string }> } | null;
  GetDiagnostics(): List<{ Severity: string; Message: string }>;
}

interface SyntaxNode {
  Kind: number;
  ChildCount: number;
  GetChild(index: number): SyntaxNode | null;
  GetName(index: number): string;
  toString(): string;
  /** Of a string literal: what it holds. */
  LiteralValue?: unknown;
  /** Of a path expression: what stands before the dot, and what behind it. */
  Expression?: SyntaxNode;
  Selector?: SyntaxNode;
}

const require = createRequire(import.meta.url);
// Both hang what they define on the global object; the second needs the first.
require('@kusto/language-service-next/bridge.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.js');
const { Language } = (globalThis as unknown as { Kusto: { Language: KustoLanguage } }).Kusto;

/** Azure Monitor: logs reference, table AppTraces. */
const appTraces = `(
  TimeGenerated: datetime, Message: string, SeverityLevel: int, Properties: dynamic,
  Measurements: dynamic, OperationName: string, OperationId: string, ParentId: string,
  SyntheticSource: string, SessionId: string, UserId: string, UserAuthenticatedId: string,
  UserAccountId: string, AppVersion: string, AppRoleName: string, AppRoleInstance: string,
  ClientType: string, ClientModel: string, ClientOS: string, ClientIP: string,
  ClientCity: string, ClientStateOrProvince: string, ClientCountryOrRegion: string,
  ClientBrowser: string, ResourceGUID: string, IKey: string, SDKVersion: string,
  ItemCount: int, ReferencedItemId: string, ReferencedType: string, TenantId: string,
  SourceSystem: string, Type: string, _ResourceId: string, _SubscriptionId: string
)`;

const workspace = Language.GlobalState.Default.WithDatabase(
  new Language.Symbols.DatabaseSymbol.ctor('workspace', [
    Language.Symbols.TableSymbol.From(appTraces).WithName('AppTraces'),
  ]),
);

export interface AnalyzedQuery {
  errors: string[];
  /** Of the result. */
  columns: string[];
  /** What is read of dynamic values, as `name.field`. */
  fieldsRead: string[];
  /** Fields that are read by an index, which {@link fieldsRead} does not see. */
  indexed: string[];
}

/** Parses a query and binds it to the tables of a workspace. */
export function analyzeQuery(text: string): AnalyzedQuery {
  const code = Language.KustoCode.ParseAndAnalyze(text, workspace);
  const { SyntaxElement, SyntaxKind } = Language.Syntax;
  const fieldsRead = new Set<string>();
  const indexed: string[] = [];
  SyntaxElement.WalkNodes(code.Syntax, (node) => {
    if (node.Kind === SyntaxKind.PathExpression) {
      fieldsRead.add(`${node.Expression}.${node.Selector}`.replace(/\s/g, ''));
    }
    if (node.Kind === SyntaxKind.ElementExpression) indexed.push(node.toString());
  });
  return {
    errors: toArray(code.GetDiagnostics())
      .filter(({ Severity }) => Severity === 'Error')
      .map(({ Message }) => Message),
    columns: toArray(code.ResultType?.Columns).map(({ Name }) => Name),
    fieldsRead: [...fieldsRead],
    indexed,
  };
}

/** A node of a query's syntax tree. */
export interface Syntax {
  /** As Kusto names it: `PipeExpression`, `AddExpression`, `StringLiteralExpression` … */
  kind: string;
  text: string;
  /** What it is made of, by Kusto's own names: `Left`, `Right`, `Operator` … */
  parts: Record<string, Syntax>;
  /** Of a list: its elements. */
  items: Syntax[];
  /** Of a string literal: what it holds. */
  literal?: string;
}

const kindNames = new Map(
  Object.entries(Language.Syntax.SyntaxKind).map(([name, kind]) => [kind, name]),
);

/** The statements of a query, as Kusto's own parser reads them. */
export function parseQuery(text: string): Syntax[] {
  const block = toSyntax(Language.KustoCode.ParseAndAnalyze(text, workspace).Syntax);
  return block.parts['Statements']?.items ?? [];
}

function toSyntax(node: SyntaxNode): Syntax {
  const kind = kindNames.get(node.Kind) ?? String(node.Kind);
  // Without the comments before it.
  const text = node
    .toString()
    .replace(/^(\s*\/\/.*\n)+/, '')
    .trim();
  const syntax: Syntax = { kind, text, parts: {}, items: [] };
  for (let index = 0; index < node.ChildCount; index++) {
    const child = node.GetChild(index);
    if (!child) continue;
    const name = node.GetName(index);
    if (name) syntax.parts[name] = toSyntax(child);
    else syntax.items.push(toSyntax(child));
  }
  if (/^(Compound)?StringLiteralExpression$/.test(kind)) syntax.literal = `${node.LiteralValue}`;
  // An element and the comma behind it.
  const [element] = syntax.items;
  return kind === 'SeparatedElement' && element ? element : syntax;
}

function toArray<T>(list: List<T> | undefined): T[] {
  return Array.from({ length: list?.Count ?? 0 }, (_, index) => list?.getItem(index) as T);
}
