using System.Buffers;
using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.OpenAi.Translating;

/// <summary>
/// Reads <c>choices[].logprobs</c> (OpenAI API reference, "The chat completion object"). Vendors leave out the bytes or the alternatives, which clients
/// expect: each element is written anew. One that is no token with a number is passed over.
/// </summary>
internal sealed class ChatLogprobs
{
    private readonly TokenLogprobs content = new(new ArrayBufferWriter<byte>(1024));
    private readonly TokenLogprobs refusal = new(new ArrayBufferWriter<byte>(16));
    private byte[] utf8 = new byte[16];

    /// <summary>Those of the words.</summary>
    public ReadOnlySpan<byte> OfContent => content.Elements;

    /// <summary>Those of the refusal.</summary>
    public ReadOnlySpan<byte> OfRefusal => refusal.Elements;

    /// <summary>Reads the object that the reader stands at, and forgets what was read before.</summary>
    public void Read(ref Utf8JsonReader at)
    {
        content.Clear();
        refusal.Clear();
        while (at.Read() && at.TokenType == JsonTokenType.PropertyName)
        {
            var target = at.ValueTextEquals("content"u8) ? content : at.ValueTextEquals("refusal"u8) ? refusal : null;
            at.Read();
            if (target is null || at.TokenType != JsonTokenType.StartArray)
            {
                at.Skip();
                continue;
            }
            target.Clear();
            while (at.Read() && at.TokenType != JsonTokenType.EndArray) ReadToken(ref at, target, isAlternative: false);
        }
    }

    private void ReadToken(ref Utf8JsonReader at, TokenLogprobs target, bool isAlternative)
    {
        if (at.TokenType != JsonTokenType.StartObject)
        {
            at.Skip();
            return;
        }
        ReadOnlySpan<byte> token = default, logprob = default;
        bool hasToken = false, hasLogprob = false;
        var bytes = -1;
        Utf8JsonReader alternatives = default;
        var hasAlternatives = false;
        while (at.Read() && at.TokenType == JsonTokenType.PropertyName)
        {
            var field = at.ValueTextEquals("token"u8) ? 1 : at.ValueTextEquals("logprob"u8) ? 2 : at.ValueTextEquals("bytes"u8) ? 3
                : at.ValueTextEquals("top_logprobs"u8) ? 4 : 0;
            at.Read();
            switch (field)
            {
                case 1 when at.TokenType == JsonTokenType.String:
                    token = at.ValueSpan;
                    hasToken = true;
                    break;
                case 2 when at.TokenType == JsonTokenType.Number:
                    logprob = at.ValueSpan;
                    hasLogprob = true;
                    break;
                case 3 when at.TokenType == JsonTokenType.StartArray:
                    bytes = ReadBytes(ref at);
                    continue;
                case 4 when at.TokenType == JsonTokenType.StartArray && !isAlternative:
                    alternatives = at;
                    hasAlternatives = true;
                    break;
            }
            at.Skip();
        }
        if (!hasToken || !hasLogprob) return;
        var known = bytes < 0 ? default : utf8.AsSpan(0, bytes);
        if (isAlternative)
        {
            target.Alternative(token, logprob, known, bytes >= 0);
            return;
        }
        target.Begin(token, logprob, known, bytes >= 0);
        if (hasAlternatives)
            while (alternatives.Read() && alternatives.TokenType != JsonTokenType.EndArray) ReadToken(ref alternatives, target, isAlternative: true);
        target.End();
    }

    /// <summary>How many bytes the array holds; -1 = one of them is none.</summary>
    private int ReadBytes(ref Utf8JsonReader at)
    {
        var count = 0;
        var isWhole = true;
        while (at.Read() && at.TokenType != JsonTokenType.EndArray)
        {
            if (at.TokenType != JsonTokenType.Number || !at.TryGetByte(out var value))
            {
                isWhole = false;
                at.Skip();
                continue;
            }
            if (count == utf8.Length) Array.Resize(ref utf8, count * 2);
            utf8[count++] = value;
        }
        return isWhole ? count : -1;
    }
}
