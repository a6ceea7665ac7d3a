import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** DER: one element, its tag, its length, its content. */
function der(tag: number, ...contents: Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size =
    length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...items: Uint8Array[]) => der(0x30, ...items);
const bitString = (content: Uint8Array) => der(0x03, Buffer.from([0]), content);
/** sha256WithRSAEncryption, and commonName. */
const algorithm = sequence(der(0x06, Buffer.from('2a864886f70d01010b', 'hex')), der(0x05));
const commonNameId = der(0x06, Buffer.from('550403', 'hex'));

/** A certificate (X.509 version 1, RSA 2048) that signs itself; nothing of it is kept in a file. */
export function createSelfSignedCertificate(commonName = 'usage-snapshots test'): {
  certificatePem: string;
  keyPem: string;
  publicKey: KeyObject;
} {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const name = sequence(der(0x31, sequence(commonNameId, der(0x0c, Buffer.from(commonName)))));
  const utcTime = (text: string) => der(0x17, Buffer.from(text));
  const toBeSigned = sequence(
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(utcTime('260101000000Z'), utcTime('360101000000Z')),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, algorithm, bitString(signature)).toString('base64');
  const lines = certificate.match(/.{1,64}/g) ?? [];
  return {
    certificatePem: `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey,
  };
}
