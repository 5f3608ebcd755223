// Runs scenarios one after the other and prints one line of JSON for each: {"name","ok","error"?}. Shared by the scripts beside it.
import assert from 'node:assert/strict';

const [, , base, key, model, embeddings] = process.argv;
export { assert, base, key, model, embeddings };

export const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
};

export const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

// A pixel.
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

export function checkPerson(text, droppedHeader) {
  // A provider without structured output is allowed to answer in words, but the caller must have been told.
  if ((droppedHeader ?? '').includes('response_format')) return;
  const value = JSON.parse(text);
  assert.equal(typeof value.name, 'string');
  assert.equal(Number.isInteger(value.age), true);
}

export async function fails(promise, status) {
  try {
    await promise;
  } catch (error) {
    assert.equal(error.status ?? error.statusCode ?? error.lastError?.statusCode, status, `${error.name}: ${error.message}`);
    return error;
  }
  throw new Error(`expected an error of status ${status}`);
}

export async function tell(scenarios) {
  for (const [name, run] of Object.entries(scenarios)) {
    try {
      let timer;
      const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error('took longer than 20 s')), 20_000); });
      await Promise.race([run(), late]).finally(() => clearTimeout(timer));
      console.log(JSON.stringify({ name, ok: true }));
    } catch (error) {
      console.log(JSON.stringify({ name, ok: false, error: `${error.name}: ${error.message}`.slice(0, 2000) }));
    }
  }
  process.exit(0);
}
