import ts from 'typescript';
import { ID, type CitingTest } from './guarantee.js';

const CITED = new RegExp(`\\[(${ID.source}(?:, ${ID.source})*)\\]$`);
const NOT_RUN = new Set(['skip', 'todo', 'fails', 'skipIf', 'runIf', 'xit', 'xtest', 'xdescribe']);

/**
 * Finds the tests of a file that name guarantees: text that is given to a call (`it`, `fact`, …) or to a field `title`, and ends in ids in
 * brackets. Read from the syntax, so that a test in a comment counts for nothing.
 */
export function citingTestsOf(file: string, text: string): CitingTest[] {
  if (!ID.test(text)) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: CitingTest[] = [];
  const visit = (node: ts.Node, isSkipped: boolean): void => {
    const skips = isSkipped || (ts.isCallExpression(node) && isNotRun(node.expression));
    const ids = isTitle(node) ? CITED.exec(textOf(node))?.[1]?.split(', ') : undefined;
    if (ids !== undefined) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push({ file, place: `${file}:${line + 1}`, ids, isSkipped: skips });
    }
    ts.forEachChild(node, (child) => visit(child, skips));
  };
  visit(source, false);
  return found;
}

function isTitle(node: ts.Node): node is ts.StringLiteralLike | ts.TemplateExpression {
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateExpression(node)) return false;
  const { parent } = node;
  return ts.isCallExpression(parent) || (ts.isPropertyAssignment(parent) && parent.name.getText() === 'title');
}

function textOf(node: ts.StringLiteralLike | ts.TemplateExpression): string {
  return ts.isTemplateExpression(node) ? (node.templateSpans.at(-1)?.literal.text ?? '') : node.text;
}

/** Whether a call such as `it.skip`, `describe.skip.each([…])` or `xit` keeps what it is given from being run as a test. */
function isNotRun(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return NOT_RUN.has(callee.text);
  if (ts.isCallExpression(callee)) return isNotRun(callee.expression);
  if (ts.isPropertyAccessExpression(callee)) return NOT_RUN.has(callee.name.text) || isNotRun(callee.expression);
  return false;
}
