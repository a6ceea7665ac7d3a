/** A customer of the partner, as the list names it. */
export interface Customer {
  /** The customer's tenant, a GUID in lower case. */
  id: string;
  name: string;
  /** Its domain, as sent; absent where it comes from a list that names none. */
  domain?: string;
}
