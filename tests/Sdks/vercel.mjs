// Vercel's AI SDK as a client of the gateway, through each of its three providers: node vercel.mjs BASE KEY MODEL EMBEDDINGS-MODEL
import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { embedMany, generateText, jsonSchema, Output, stepCountIs, streamText, tool } from 'ai';
import { assert, base, embeddings, fails, key, model, person, tell, weather } from './story.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;
const openai = createOpenAI({ baseURL: `${base}/v1`, apiKey: key });
const ways = {
  'chat completions': createOpenAICompatible({ name: 'gateway', baseURL: `${base}/v1`, apiKey: key, includeUsage: true, supportsStructuredOutputs: true })(model),
  responses: openai.responses(model),
  messages: createAnthropic({ baseURL: `${base}/v1`, apiKey: key })(model),
};
const tools = { [weather.name]: tool({ description: weather.description, inputSchema: jsonSchema(weather.schema), execute: async () => ({ degrees: 21 }) }) };

const scenarios = {};
for (const [way, languageModel] of Object.entries(ways)) {
  const common = { model: languageModel, maxRetries: 0 };
  scenarios[`${way}, plain`] = async () => {
    const reply = await generateText({ ...common, system: 'Be brief.', prompt: 'Hello' });
    assert.ok(reply.text);
    assert.equal(reply.finishReason, 'stop');
    assert.ok(reply.usage.inputTokens > 0 && reply.usage.outputTokens > 0);
  };
  scenarios[`${way}, streamed`] = async () => {
    const whole = await generateText({ ...common, prompt: 'Tell me something' });
    const stream = streamText({ ...common, prompt: 'Tell me something' });
    let text = '';
    for await (const piece of stream.textStream) text += piece;
    assert.equal(text, whole.text);
    assert.equal(await stream.finishReason, 'stop');
  };
  scenarios[`${way}, tools round trip`] = async () => {
    const reply = await generateText({ ...common, tools, stopWhen: stepCountIs(3), prompt: 'call get_weather' });
    assert.equal(reply.steps.length, 2);
    assert.ok(reply.text);
  };
  scenarios[`${way}, tools streamed`] = async () => {
    const stream = streamText({ ...common, tools, stopWhen: stepCountIs(3), prompt: 'call get_weather' });
    assert.ok(await stream.text);
    assert.equal((await stream.steps).length, 2);
  };
  scenarios[`${way}, structured output`] = async () => {
    const probe = await generateText({ ...common, prompt: 'Who?', output: Output.object({ schema: jsonSchema(person) }) }).catch(error => error);
    const dropped = (probe.response?.headers ?? {})['x-gateway-dropped'] ?? '';
    if (dropped.includes('response_format')) return;
    if (probe instanceof Error) throw probe;
    assert.equal(typeof probe.output.name, 'string');
  };
  scenarios[`${way}, error 429`] = () => fails(generateText({ ...common, prompt: '[[sim: status=429; retry-after=7]] x' }), 429);
  scenarios[`${way}, error 400`] = () => fails(generateText({ ...common, prompt: '[[sim: status=400]] x' }), 400);
  scenarios[`${way}, abort`] = async () => {
    const leave = new AbortController();
    const stream = streamText({ ...common, prompt: '[[sim: chunks=2000; chunk-ms=20]] x', abortSignal: leave.signal, onError: () => {} });
    let seen = 0;
    for await (const _ of stream.textStream) if (++seen === 3) leave.abort();
    assert.ok(seen >= 3 && seen < 100);
  };
}
scenarios['embeddings'] = async () => {
  if (!embeddings) return;
  const { embeddings: vectors } = await embedMany({ model: openai.embedding(embeddings), values: ['one', 'two'], maxRetries: 0 });
  assert.equal(vectors.length, 2);
  assert.ok(vectors[0].every(Number.isFinite));
};
scenarios['error 401'] = () => fails(generateText({ model: createOpenAI({ baseURL: `${base}/v1`, apiKey: 'agw-0000000000000000000000' }).chat(model), prompt: 'x', maxRetries: 0 }), 401);
scenarios['error 404'] = () => fails(generateText({ model: openai.chat('no-such-model'), prompt: 'x', maxRetries: 0 }), 404);
await tell(scenarios);
