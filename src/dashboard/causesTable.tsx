import { address, go } from './address.ts';
import type { Changes } from './api.ts';
import { listCauses, type Moved } from './causes.ts';
import { CsvButton } from './csvButton.tsx';
import { formatDate, plural } from './format.ts';
import { AgainstChoice, Change } from './movers.tsx';
import { PartCell } from './partCell.tsx';
import { Choice, Head, MoneyCell, MoneyIn } from './parts.tsx';
import { pathOf } from './request.ts';
import { Await } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

const levels = {
  '': 'as far down as recorded',
  azureSubscription: 'by Azure subscription',
  resourceGroup: 'by resource group',
  resource: 'by resource',
  type: 'by type',
};

const shown = 15;

/** What caused the change of a customer's cost on a day, adding up to it. */
export function CausesSection({ customerId }: { customerId: string }) {
  const { to, against, by } = address.value;
  const route = `customers/${customerId}/changes`;
  const query = { date: to, against, by };
  const asked = useAnswer<Changes>(pathOf(route, query));
  return (
    <section>
      <div class="head">
        <h3>What moved</h3>
        {asked.data && <p class="note">{formatDate(asked.data.date)}</p>}
        <div class="tools">
          <AgainstChoice />
          <Choice
            label="Split"
            options={levels}
            value={by as keyof typeof levels}
            onChange={(value) => go({ by: value })}
          />
          <CsvButton route={route} query={query} of="what moved" />
        </div>
      </div>
      <Await
        asked={asked}
        isEmpty={({ items }) => items.length === 0}
        empty={asked.data && <WithoutCauses changes={asked.data} />}
      >
        {(changes) => <CausesTable changes={changes} />}
      </Await>
    </section>
  );
}

function WithoutCauses({ changes: { change, currency } }: { changes: Changes }) {
  if (change === null) return <>The costs of these two days cannot be compared.</>;
  if (Number(change) === 0) return <>The cost did not change.</>;
  return (
    <>
      None recorded: what lies below the plans is not known of both days. The cost changed by{' '}
      <MoneyIn amount={change} currency={currency} isChange />.
    </>
  );
}

function CausesTable({ changes }: { changes: Changes }) {
  const { currency, before, after, change } = changes;
  const causes = listCauses(changes, shown);
  if (!causes || change === null) return null;
  const { items, others, rest } = causes;
  return (
    <table>
      <Head
        columns={{
          [`In ${currency}`]: 'text',
          Before: 'number',
          After: 'number',
          Change: 'number',
        }}
      />
      <tbody>
        {items.map((item) => (
          <tr key={JSON.stringify(item)}>
            <PartCell part={item} />
            <MovedCells moved={item} currency={currency} />
          </tr>
        ))}
        {others.count > 0 && (
          <tr>
            <th scope="row">{plural(others.count, 'other')}</th>
            <MovedCells moved={others} currency={currency} />
          </tr>
        )}
        <tr>
          <th scope="row">{Number(rest.change) === 0 ? 'All else' : 'All else, unexplained'}</th>
          <MovedCells moved={rest} currency={currency} />
        </tr>
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">Together</th>
          <MovedCells moved={{ before, after, change }} currency={currency} />
        </tr>
      </tfoot>
    </table>
  );
}

function MovedCells({ moved, currency }: { moved: Moved; currency: string | null }) {
  return (
    <>
      <MoneyCell amount={moved.before} currency={currency} />
      <MoneyCell amount={moved.after} currency={currency} />
      <td class="number">
        <Change item={{ change: moved.change, currency }} />
      </td>
    </>
  );
}
