using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using AspireGateway.Gateway.Ingress;
using AspireGateway.Gateway.Ingress.Embeddings;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;
using AspireGateway.Gateway.Providers.Prefixes;
using AspireGateway.Gateway.Routing;

namespace AspireGateway.Gateway.Providers.Calling;

/// <summary>What one attempt sends: the caller's bytes with a few edits where the provider speaks the caller's dialect, else a body written from neutral words.</summary>
internal sealed class AttemptRequest
{
    // Texts pass as they came; nothing here is ever HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private AttemptRequest(HttpContent content) => Content = content;

    /// <summary>The body.</summary>
    public HttpContent Content { get; }

    /// <summary>The body where it is in memory as a whole.</summary>
    public ReadOnlyMemory<byte>? Body => (Content as WrittenContent)?.Body;

    /// <summary>Set when bytes pass in the caller's dialect.</summary>
    public IDirectOperation? Direct { get; private init; }

    /// <summary>Set when a chat is translated.</summary>
    public IChatTranslator? Chat { get; private init; }

    /// <summary>Set when embeddings are translated.</summary>
    public IEmbeddingsTranslator? Embeddings { get; private init; }

    /// <summary>Prepares an attempt; false with the reason why this deployment cannot take this request.</summary>
    public static bool TryPrepare(
        Exchange exchange, Candidate candidate, IProviderModule module, [NotNullWhen(true)] out AttemptRequest? request, [NotNullWhen(false)] out ProviderFailure? failure)
    {
        var facts = exchange.Request!;
        var dropped = exchange.Call.Dropped;
        dropped.Clear();
        request = null;
        failure = null;
        var provider = candidate.Deployment.Provider;
        if (module.DirectFor(exchange.Operation) is { } direct)
        {
            var edits = direct.EditRequest(facts, candidate.Deployment, dropped);
            if (exchange.Prefix is { } prefix) edits = PrefixEdits.Add(prefix, candidate.Deployment, module, facts.Body.Span, edits);
            request = new(new SplicedContent(facts, edits)) { Direct = direct };
        }
        else if (exchange.Operation.Kind == OperationKind.Chat && module.Chat is { } chat && RequestDialects.Of(exchange.Operation.Dialect) is { } dialect)
        {
            if (NeutralOf(facts, dialect, out var neutral) is { } unreadable) failure = Rejected(unreadable);
            else if (Write(writer => chat.WriteRequest(Capped(neutral, facts), candidate.Deployment, writer, dropped), out var content) is { } refusal) failure = Unsupported(refusal);
            else request = new(exchange.Prefix is { } prefix ? PrefixEdits.Add(prefix, candidate.Deployment, module, content!) : content!) { Chat = chat };
            foreach (var name in neutral?.Unmapped ?? []) dropped.Add(name);
        }
        else if (exchange.Operation.Kind == OperationKind.Embeddings && module.Embeddings is { } embeddings)
        {
            if (NeutralOf(facts, out var neutral) is { } unreadable) failure = Rejected(unreadable);
            else if (Write(writer => embeddings.WriteRequest(neutral, candidate.Deployment, writer, dropped), out var content) is { } refusal) failure = Unsupported(refusal);
            else request = new(content!) { Embeddings = embeddings };
            foreach (var name in neutral.Unmapped) dropped.Add(name);
        }
        else
        {
            failure = CallFailures.OperationUnsupported(provider, exchange.Operation);
        }

        if (request is null || !facts.IsStrict || dropped.Count == 0) return request is not null;
        request.Content.Dispose();
        request = null;
        failure = Unsupported(Refusal.UnsupportedParameter(
            $"Deployment '{candidate.Deployment.Name}' cannot be told: {dropped}. Leave these fields out, choose another model, or send 'x-gateway-strict: false' to have them dropped.", dropped.First));
        return false;
    }

    private static Refusal? NeutralOf(RequestFacts facts, IRequestDialect dialect, out ChatRequest neutral)
    {
        if (facts.Chat is { } known)
        {
            neutral = known;
            return null;
        }
        neutral = new ChatRequest();
        if (dialect.Read(facts.Body, neutral) is { } refusal) return refusal;
        facts.Chat = neutral;
        return null;
    }

    // Every writer tells the provider the cap that stands in the request.
    private static ChatRequest Capped(ChatRequest request, RequestFacts facts)
    {
        if (facts.EnforcedCap is { } cap) request.MaxOutputTokens = cap;
        return request;
    }

    private static Refusal? NeutralOf(RequestFacts facts, out EmbeddingsRequest neutral)
    {
        if (facts.Embeddings is { } known)
        {
            neutral = known;
            return null;
        }
        neutral = new EmbeddingsRequest();
        if (EmbeddingsRequestReader.Read(facts.Body, neutral) is { } refusal) return refusal;
        facts.Embeddings = neutral;
        return null;
    }

    private static Refusal? Write(Func<Utf8JsonWriter, Refusal?> write, out WrittenContent? content)
    {
        content = null;
        var buffer = new PooledBufferWriter();
        var keep = false;
        try
        {
            using var writer = new Utf8JsonWriter(buffer, Plain);
            if (write(writer) is { } refusal) return refusal;
            writer.Flush();
            keep = true;
        }
        finally
        {
            if (!keep) buffer.Dispose();
        }
        content = new WrittenContent(buffer);
        return null;
    }

    private static ProviderFailure Rejected(Refusal refusal) => new("rejected", TryNext: false, refusal);

    // Another deployment may speak a dialect that has it.
    private static ProviderFailure Unsupported(Refusal refusal) => new("unsupported", TryNext: true, refusal);
}
