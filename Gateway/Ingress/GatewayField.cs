using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Ingress;

/// <summary>The field <c>gateway</c> of a body, in every dialect: what the caller tells the gateway and no provider. It holds <c>context</c>, an array of texts.</summary>
internal static class GatewayField
{
    private const string Name = "gateway", ContextName = "gateway.context";

    /// <summary>Reads it; the reader stands at its name. Texts are read when they are taken out, since guardrails may change them before.</summary>
    /// <returns>What is wrong with it; null = nothing.</returns>
    public static Refusal? Read(ref Utf8JsonReader reader, RequestFacts facts)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) return Unusable(Name);
        var hasContext = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("context"u8) || hasContext) return Unusable(Name);
            hasContext = true;
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) return Unusable(ContextName);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                if (reader.TokenType != JsonTokenType.String) return Unusable(ContextName);
        }
        facts.GatewayRange = start..(int)reader.BytesConsumed;
        return null;
    }

    /// <summary>Takes it out of the body, and keeps its texts. Places of fields must be read again.</summary>
    public static void Take(RequestFacts facts)
    {
        var body = facts.Body.Span;
        var (start, length) = facts.GatewayRange.GetOffsetAndLength(body.Length);
        var texts = new List<string>();
        var reader = new Utf8JsonReader(body[start..(start + length)][(body[start..].IndexOf((byte)':') + 1)..]);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.String) texts.Add(reader.GetString()!);
        // With the comma behind it, or, when it is the last field, the one before it.
        var (from, to) = (start, start + length);
        var behind = body[to..].TrimStart(" \t\r\n"u8);
        if (behind is [(byte)',', ..]) to = body.Length - behind.Length + 1;
        else if (body[..from].TrimEnd(" \t\r\n"u8) is [.., (byte)','] before) from = before.Length - 1;
        using var rest = new PooledBufferWriter(body.Length);
        System.Buffers.BuffersExtensions.Write(rest, body[..from]);
        System.Buffers.BuffersExtensions.Write(rest, body[to..]);
        facts.ReplaceBody(rest.Written.Span);
        facts.Context = [.. texts];
    }

    private static Refusal Unusable(string field) =>
        Refusal.InvalidRequest("""Field 'gateway' must be an object with the field 'context', an array of texts, e.g. {"context":["The shop opens at 9."]}. No provider sees it.""", field);
}
