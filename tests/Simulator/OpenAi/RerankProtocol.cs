using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;

namespace AspireGateway.Simulator.OpenAi;

/// <summary>Rerank as Cohere and Jina have it: documents that share words with the query come first.</summary>
internal sealed class RerankProtocol : OpenAiProtocol
{
    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        refusal = default;
        foreach (var name in (ReadOnlySpan<string>)["model", "query"])
            if (body.TextOf(name) is not { Length: > 0 }) return Refuse(out refusal, $"invalid request: {name} is required", name);
        var documents = body.ItemsOf("documents").Select(d => d.AsText() ?? d.TextOf("text")).ToList();
        if (documents.Count == 0 || documents.Contains(null)) return Refuse(out refusal, "invalid request: list of documents must not be empty", "documents");
        if (body.Has("top_n") && body.WholeOf("top_n") is not >= 1) return Refuse(out refusal, "invalid request: top_n must be at least 1", "top_n");
        var query = body.TextOf("query")!;
        var (model, most, withText) = (body.TextOf("model")!, body.WholeOf("top_n") ?? documents.Count, body.IsTrue("return_documents"));
        return new OperationRequest(model, query, (directives, id, _) => new RerankAnswer(model, query, documents!, most, withText, directives, id));
    }
}

/// <summary>The documents in the order of their relevance, from 0 to 1.</summary>
internal sealed class RerankAnswer(string model, string query, List<string> documents, int most, bool withText, Directives directives, string id) : PlainAnswer
{
    public override void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer =>
    {
        var asked = DirectiveReader.WithoutMarkers(query);
        writer.WriteString("id", id);
        writer.WriteString("model", directives.ServedModel ?? model);
        writer.WriteStartArray("results");
        foreach (var (index, score) in documents.Select((d, i) => (i, Math.Round(Math.Clamp(Embedder.Similarity(asked, d), 0, 1), 6))).OrderByDescending(r => r.Item2).ThenBy(r => r.i).Take(most))
        {
            writer.WriteStartObject();
            writer.WriteNumber("index", index);
            writer.WriteNumber("relevance_score", score);
            if (withText)
            {
                writer.WriteStartObject("document");
                writer.WriteString("text", documents[index]);
                writer.WriteEndObject();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (directives.NoUsage) return;
        // Cohere bills searches and says so in "meta"; Jina bills tokens and says so in "usage".
        writer.WriteStartObject("meta");
        writer.WriteStartObject("billed_units");
        writer.WriteNumber("search_units", 1);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteStartObject("usage");
        writer.WriteNumber("total_tokens", directives.PromptTokens ?? SimText.Tokens(asked) + documents.Sum(SimText.Tokens));
        writer.WriteEndObject();
    });
}
