import { useState } from 'preact/hooks';
import { address } from './address.ts';
import { CausesSection } from './causesTable.tsx';

/** What a customer's cost consists of, asked for when somebody opens it; left out on paper. */
export function Consists({ customerId }: { customerId: string }) {
  const { against, by } = address.value;
  const [isOpen, setIsOpen] = useState(against !== '' || by !== '');
  return (
    <section class="box screen">
      <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary>
          <h2>What it consists of</h2>
        </summary>
        {isOpen && <CausesSection customerId={customerId} />}
      </details>
    </section>
  );
}
