// The official Anthropic SDK as a client of the gateway: node anthropic.mjs BASE KEY MODEL
import Anthropic from '@anthropic-ai/sdk';
import { assert, base, checkPerson, fails, key, model, person, png, tell, weather } from './story.mjs';

const client = new Anthropic({ baseURL: base, apiKey: key, maxRetries: 0 });
const ask = (content, more) => client.messages.create({ model, max_tokens: 500, messages: [{ role: 'user', content }], ...more });
const tools = [{ name: weather.name, description: weather.description, input_schema: weather.schema }];

await tell({
  'messages, plain': async () => {
    const reply = await ask('Hello');
    assert.equal(reply.type, 'message');
    assert.ok(reply.content[0].text);
    assert.equal(reply.stop_reason, 'end_turn');
    assert.ok(reply.usage.input_tokens > 0 && reply.usage.output_tokens > 0);
    assert.ok(reply._request_id);
  },
  'messages, streamed': async () => {
    const whole = await ask('Tell me something');
    const stream = client.messages.stream({ model, max_tokens: 500, messages: [{ role: 'user', content: 'Tell me something' }] });
    let pieces = 0;
    stream.on('text', () => { pieces++; });
    const final = await stream.finalMessage();
    assert.equal(final.content[0].text, whole.content[0].text);
    assert.equal(final.stop_reason, 'end_turn');
    assert.equal(final.usage.output_tokens, whole.usage.output_tokens);
    assert.ok(pieces > 2);
  },
  'messages, several turns with system blocks and a cache marker': async () => {
    const reply = await client.messages.create({
      model, max_tokens: 300, stop_sequences: ['###'], metadata: { user_id: 'u-1' },
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      messages: [{ role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello.' }, { role: 'user', content: [{ type: 'text', text: 'And you?' }] }],
    });
    assert.ok(reply.content[0].text);
  },
  'messages, image': async () => {
    const reply = await ask([{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } }, { type: 'text', text: 'What is this?' }]);
    assert.ok(reply.content[0].text);
  },
  'messages, tools round trip': async () => {
    const messages = [{ role: 'user', content: 'call get_weather' }];
    const first = await client.messages.create({ model, max_tokens: 500, messages, tools });
    assert.equal(first.stop_reason, 'tool_use');
    const call = first.content.find(block => block.type === 'tool_use');
    assert.equal(call.name, 'get_weather');
    assert.equal(typeof call.input.city, 'string');
    messages.push({ role: 'assistant', content: first.content },
      { role: 'user', content: first.content.filter(b => b.type === 'tool_use').map(b => ({ type: 'tool_result', tool_use_id: b.id, content: [{ type: 'text', text: '21 degrees' }] })) });
    const second = await client.messages.create({ model, max_tokens: 500, messages, tools });
    assert.equal(second.stop_reason, 'end_turn');
    assert.ok(second.content.find(block => block.type === 'text').text);
  },
  'messages, tools streamed': async () => {
    const final = await client.messages.stream({ model, max_tokens: 500, messages: [{ role: 'user', content: 'call get_weather' }], tools }).finalMessage();
    assert.equal(final.stop_reason, 'tool_use');
    assert.equal(typeof final.content.find(block => block.type === 'tool_use').input.city, 'string');
  },
  'messages, structured output': async () => {
    const { data, response } = await ask('Who?', { output_config: { format: { type: 'json_schema', schema: person } } }).withResponse();
    checkPerson(data.content.find(block => block.type === 'text').text, response.headers.get('x-gateway-dropped'));
  },
  'count tokens': async () => {
    const count = await client.messages.countTokens({ model, messages: [{ role: 'user', content: 'How long is this?' }] });
    assert.ok(count.input_tokens > 0);
  },
  'models': async () => {
    const ids = [];
    for await (const entry of client.models.list()) ids.push(entry.id);
    assert.ok(ids.includes(model));
    assert.equal((await client.models.retrieve(model)).type, 'model');
  },
  'error 401': async () => {
    const error = await fails(new Anthropic({ baseURL: base, apiKey: 'agw-0000000000000000000000', maxRetries: 0 }).messages.create({ model, max_tokens: 5, messages: [{ role: 'user', content: 'x' }] }), 401);
    assert.equal(error.error.error.type, 'authentication_error');
  },
  'error 404': async () => {
    const error = await fails(client.messages.create({ model: 'no-such-model', max_tokens: 5, messages: [{ role: 'user', content: 'x' }] }), 404);
    assert.equal(error.error.error.type, 'not_found_error');
  },
  'error 429 with Retry-After': async () => {
    const error = await fails(ask('[[sim: status=429; retry-after=7]] x'), 429);
    assert.equal(error.error.error.type, 'rate_limit_error');
    assert.equal(error.headers.get('retry-after'), '7');
  },
  'error 400': async () => assert.equal((await fails(ask('x', { max_tokens: -1 }), 400)).error.error.type, 'invalid_request_error'),
  'abort': async () => {
    const stream = await ask('[[sim: chunks=2000; chunk-ms=20]] x', { stream: true });
    let seen = 0;
    for await (const _ of stream) if (++seen === 4) { stream.controller.abort(); break; }
    assert.equal(seen, 4);
  },
});
