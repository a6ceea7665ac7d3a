import { useState } from 'preact/hooks';
import { address } from './address.ts';
import type { Resources } from './api.ts';
import { CsvButton } from './csvButton.tsx';
import { formatDate } from './format.ts';
import { PartCell } from './partCell.tsx';
import { Head, MoneyIn } from './parts.tsx';
import { pathOf } from './request.ts';
import { SearchField } from './searchField.tsx';
import { Await } from './states.tsx';
import { useAnswer } from './useAnswer.ts';

const shown = 15;

/** A customer's resources on a day, by name; asked for when somebody opens it. */
export function ResourcesSection({ customerId }: { customerId: string }) {
  const [isOpen, setIsOpen] = useState(address.value.search !== '');
  return (
    <details
      class="resources"
      open={isOpen}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>
        <h3>Resources</h3>
      </summary>
      {isOpen && <Found customerId={customerId} />}
    </details>
  );
}

function Found({ customerId }: { customerId: string }) {
  const { to: date, search } = address.value;
  const route = `customers/${customerId}/resources`;
  const query = { date, search };
  const asked = useAnswer<Resources>(pathOf(route, { ...query, top: String(shown) }));
  return (
    <>
      <div class="head">
        <p class="note">
          The {shown} largest{asked.data && `, ${formatDate(asked.data.date)}`}
        </p>
        <div class="tools">
          <SearchField id="search-resources" placeholder="Name" label="Search resources by name" />
          <CsvButton route={route} query={query} of="these resources" />
        </div>
      </div>
      <Await
        asked={asked}
        isEmpty={({ items }) => items.length === 0}
        empty={search === '' ? 'None recorded on that day.' : 'No resource of that name.'}
      >
        {({ items }) => (
          <table>
            <Head columns={{ Name: 'text', 'Period so far': 'number' }} />
            <tbody>
              {items.map((item) => (
                <tr key={JSON.stringify(item)}>
                  <PartCell part={item} />
                  <td class="number">
                    <MoneyIn amount={item.totalCost} currency={item.currency} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Await>
    </>
  );
}
