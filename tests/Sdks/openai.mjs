// The official OpenAI SDK as a client of the gateway: node openai.mjs BASE KEY MODEL EMBEDDINGS-MODEL
import OpenAI from 'openai';
import { assert, base, checkPerson, embeddings, fails, key, model, person, png, tell, weather } from './story.mjs';

const client = new OpenAI({ baseURL: `${base}/v1`, apiKey: key, maxRetries: 0 });
const chat = (content, more) => client.chat.completions.create({ model, messages: [{ role: 'user', content }], ...more });
const tools = [{ type: 'function', function: { name: weather.name, description: weather.description, parameters: weather.schema } }];

await tell({
  'chat, plain': async () => {
    const reply = await chat('Hello');
    assert.ok(reply.choices[0].message.content);
    assert.equal(reply.choices[0].finish_reason, 'stop');
    assert.equal(reply.usage.total_tokens, reply.usage.prompt_tokens + reply.usage.completion_tokens);
    assert.ok(reply.usage.prompt_tokens > 0 && reply.usage.completion_tokens > 0);
  },
  'chat, streamed': async () => {
    const whole = await chat('Tell me something');
    const stream = await chat('Tell me something', { stream: true, stream_options: { include_usage: true } });
    let text = '', usage, finish, chunks = 0;
    for await (const chunk of stream) {
      chunks++;
      text += chunk.choices[0]?.delta?.content ?? '';
      finish = chunk.choices[0]?.finish_reason ?? finish;
      usage = chunk.usage ?? usage;
    }
    assert.equal(text, whole.choices[0].message.content);
    assert.equal(finish, 'stop');
    assert.deepEqual([usage.prompt_tokens, usage.completion_tokens], [whole.usage.prompt_tokens, whole.usage.completion_tokens]);
    assert.ok(chunks > 2);
  },
  'chat, several turns with instructions': async () => {
    const reply = await client.chat.completions.create({
      model, temperature: 0.5, max_tokens: 200, stop: ['###'], user: 'u-1',
      messages: [
        { role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }, { role: 'assistant', content: 'Hello.' },
        { role: 'user', content: [{ type: 'text', text: 'And you?' }] },
      ],
    });
    assert.ok(reply.choices[0].message.content);
  },
  'chat, image': async () => {
    const reply = await chat([{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${png}` } }]);
    assert.ok(reply.choices[0].message.content);
  },
  'chat, tools round trip': async () => {
    const messages = [{ role: 'user', content: 'call get_weather' }];
    const first = await client.chat.completions.create({ model, messages, tools });
    const message = first.choices[0].message;
    assert.equal(first.choices[0].finish_reason, 'tool_calls');
    assert.equal(message.tool_calls[0].function.name, 'get_weather');
    assert.equal(typeof JSON.parse(message.tool_calls[0].function.arguments).city, 'string');
    messages.push(message, ...message.tool_calls.map(call => ({ role: 'tool', tool_call_id: call.id, content: '{"degrees":21}' })));
    const second = await client.chat.completions.create({ model, messages, tools });
    assert.ok(second.choices[0].message.content);
    assert.equal(second.choices[0].finish_reason, 'stop');
  },
  'chat, tools streamed': async () => {
    const stream = client.chat.completions.stream({ model, messages: [{ role: 'user', content: 'call get_weather' }], tools });
    const final = await stream.finalChatCompletion();
    assert.equal(final.choices[0].finish_reason, 'tool_calls');
    assert.equal(typeof JSON.parse(final.choices[0].message.tool_calls[0].function.arguments).city, 'string');
  },
  'chat, structured output': async () => {
    const { data, response } = await chat('Who?', { response_format: { type: 'json_schema', json_schema: { name: 'person', schema: person, strict: true } } }).withResponse();
    checkPerson(data.choices[0].message.content, response.headers.get('x-gateway-dropped'));
  },
  'responses, plain': async () => {
    const reply = await client.responses.create({ model, instructions: 'Be brief.', input: 'Hello' });
    assert.equal(reply.status, 'completed');
    assert.ok(reply.output_text);
    assert.ok(reply.usage.input_tokens > 0 && reply.usage.output_tokens > 0);
  },
  'responses, streamed': async () => {
    const stream = await client.responses.create({ model, input: 'Tell me something', stream: true });
    let text = '', last, sequence = -1;
    for await (const event of stream) {
      assert.ok(event.sequence_number > sequence);
      sequence = event.sequence_number;
      if (event.type === 'response.output_text.delta') text += event.delta;
      last = event;
    }
    assert.equal(last.type, 'response.completed');
    assert.equal(last.response.output.filter(o => o.type === 'message').flatMap(o => o.content).map(c => c.text).join(''), text);
  },
  'responses, tools round trip': async () => {
    const flat = [{ type: 'function', ...{ name: weather.name, description: weather.description, parameters: weather.schema, strict: true } }];
    const input = [{ role: 'user', content: 'call get_weather' }];
    const first = await client.responses.create({ model, input, tools: flat });
    const call = first.output.find(o => o.type === 'function_call');
    assert.equal(call.name, 'get_weather');
    assert.equal(typeof JSON.parse(call.arguments).city, 'string');
    input.push(...first.output, { type: 'function_call_output', call_id: call.call_id, output: '{"degrees":21}' });
    const second = await client.responses.create({ model, input, tools: flat });
    assert.ok(second.output_text);
  },
  'embeddings, as the SDK asks by default': async () => {
    if (!embeddings) return;
    const reply = await client.embeddings.create({ model: embeddings, input: ['one', 'two'] });
    assert.equal(reply.data.length, 2);
    assert.equal(typeof reply.data[0].embedding[0], 'number');
    assert.ok(reply.data[0].embedding.every(Number.isFinite) && reply.data[0].embedding.some(x => x !== 0));
    const floats = await client.embeddings.create({ model: embeddings, input: ['one', 'two'], encoding_format: 'float' });
    reply.data[1].embedding.forEach((x, i) => assert.ok(Math.abs(x - floats.data[1].embedding[i]) < 1e-6));
  },
  'models': async () => {
    const models = await client.models.list();
    assert.ok(models.data.some(m => m.id === model));
    assert.equal((await client.models.retrieve(model)).id, model);
  },
  'error 401': async () => {
    const error = await fails(new OpenAI({ baseURL: `${base}/v1`, apiKey: 'agw-0000000000000000000000', maxRetries: 0 }).models.list(), 401);
    assert.equal(error.code, 'invalid_api_key');
  },
  'error 404': async () => assert.equal((await fails(client.chat.completions.create({ model: 'no-such-model', messages: [{ role: 'user', content: 'x' }] }), 404)).code, 'model_not_found'),
  'error 429 with Retry-After': async () => {
    const error = await fails(chat('[[sim: status=429; retry-after=7]] x'), 429);
    assert.equal(error.code, 'rate_limit_exceeded');
    assert.equal(error.headers.get('retry-after'), '7');
  },
  'error 400': async () => assert.ok((await fails(chat('x', { max_tokens: -1 }), 400)).param),
  'abort': async () => {
    const stream = await chat('[[sim: chunks=2000; chunk-ms=20]] x', { stream: true });
    let seen = 0;
    for await (const _ of stream) if (++seen === 3) { stream.controller.abort(); break; }
    assert.equal(seen, 3);
  },
});
