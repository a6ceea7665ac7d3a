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
    SyntaxKind: { PathExpression: number; ElementExpression: number };
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
  toString(): string;
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

function toArray<T>(list: List<T> | undefined): T[] {
  return Array.from({ length: list?.Count ?? 0 }, (_, index) => list?.getItem(index) as T);
}
