import { azureSubscriptionNameOf } from './azureSubscriptionName.ts';

/** Names that a part of a customer's cost is tied to. */
export interface NamedPart {
  azureSubscriptionId?: string;
  azureSubscriptionName?: string | null;
  resourceGroup?: string | null;
  resource?: string;
  type?: string | null;
}

/** The name of a part, and where it is. */
export function PartCell({ part }: { part: NamedPart }) {
  const { resource, resourceGroup, type } = part;
  const names = [resource, resourceGroup, azureSubscriptionNameOf(part), type].filter(Boolean);
  const [name = 'Of no type', ...where] = names;
  return (
    <th scope="row" class="name" title={names.join('\n')}>
      <bdi>{name}</bdi> <small>{where.length > 0 && <bdi>{where.join(', ')}</bdi>}</small>
    </th>
  );
}
