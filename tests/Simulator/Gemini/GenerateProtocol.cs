using System.Buffers;
using System.Text.Json;
using AspireGateway.Simulator.Composing;
using AspireGateway.Simulator.Replying;
using AspireGateway.Simulator.Scripting;
using AspireGateway.Simulator.Tokens;

namespace AspireGateway.Simulator.Gemini;

/// <summary>What is asked of Gemini for a prompt.</summary>
internal enum GenerateKind
{
    /// <summary>An answer.</summary>
    Plain,

    /// <summary>An answer as a stream.</summary>
    Stream,

    /// <summary>The number of its tokens.</summary>
    Count,
}

/// <summary>generateContent, streamGenerateContent and countTokens.</summary>
internal sealed class GenerateProtocol(TokenIssuer tokens, bool isVertex, GenerateKind kind) : GeminiProtocol(tokens, isVertex)
{
    public override ISimulatedRequest? Read(HttpRequest request, JsonElement body, out Refusal refusal)
    {
        if (kind == GenerateKind.Stream && request.Query["alt"] != "sse")
        {
            refusal = new Refusal(400, "The simulator streams only with alt=sse.");
            return null;
        }

        var wrapped = body.Field("generateContentRequest");
        if (kind == GenerateKind.Count && wrapped.ValueKind == JsonValueKind.Object) body = wrapped;
        var read = new GenerateReader(body).Read(ModelOf(request), kind == GenerateKind.Stream, out refusal);
        if (read is null) return null;
        return kind == GenerateKind.Count ? new CountRequest(read) : read with { IsVertex = IsVertex };
    }
}

/// <summary>A generateContent request: the question, and what only Gemini's protocol knows.</summary>
internal sealed record GenerateRequest : Question
{
    /// <summary>Answers wanted.</summary>
    public int Candidates { get; init; } = 1;

    public bool IsVertex { get; init; }

    public override IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new GenerateAnswer(this, directives, id);
}

/// <summary>Asks only how many tokens a prompt has.</summary>
internal sealed record CountRequest(GenerateRequest Counted) : ISimulatedRequest
{
    public string Model => Counted.Model;

    public bool Streams => false;

    public string Prompt => Counted.Prompt;

    public Refusal? Objection(Directives directives) => Counted.Objection(directives);

    public IAnswer Answer(Directives directives, string id, DateTimeOffset now) => new CountAnswer(directives.PromptTokens ?? Counted.PromptTokens);
}

/// <summary>The number of a prompt's tokens.</summary>
internal sealed class CountAnswer(int tokens) : PlainAnswer
{
    public override void WritePlain(IBufferWriter<byte> into) => WireJson.WriteObject(into, writer =>
    {
        writer.WriteNumber("totalTokens", tokens);
        GenerateAnswer.WriteDetails(writer, tokens);
    });
}
