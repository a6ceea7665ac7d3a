import { request } from 'undici';
import { signIn } from '../handwritten/partnerCenter.ts';

/** Only reads the body that names all customers as a text, for its peak memory. */

const { token } = await signIn(process.env);
const url = `${process.env['PARTNER_CENTER_BASE_URL']}/v1/customers/usagerecords`;
const { body } = await request(url, { headers: { authorization: `Bearer ${token}` } });
const { length } = await body.text();
process.stdout.write(JSON.stringify({ length }));
