using System.Buffers;
using System.Runtime.InteropServices;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Gateway.Telemetry;

namespace AspireGateway.Gateway.Guardrails.Replies;

/// <summary>Which text of a stream an event continues: a choice's words, its thoughts, the arguments of one of its calls.</summary>
/// <param name="Choice">OpenAI's choice, Anthropic's block, the output item of Responses.</param>
/// <param name="Part">The tool call of a choice, the content of an item; 0 = there is one.</param>
/// <param name="Field">The field that the text stands in.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChannelKey(int Choice, int Part, DeltaField Field);

/// <summary>Fields that texts of streams stand in.</summary>
internal enum DeltaField
{
    /// <summary>Words.</summary>
    Words,

    /// <summary>Thoughts.</summary>
    Thoughts,

    /// <summary>A refusal.</summary>
    Refusal,

    /// <summary>The text of a JSON value.</summary>
    Arguments,
}

/// <summary>One text of a stream: what came is looked at, what was masked is put back, what waits waits.</summary>
internal sealed class ReplyChannel(Screened screened, GuardrailMetrics metrics, DeltaField field)
{
    private readonly ReplyRedactor redactor = new(screened, metrics);
    private readonly PlaceholderRestorer restorer = new(screened.Placeholders, field == DeltaField.Arguments, guardrail => screened.NoteUnknown(guardrail, metrics));
    private readonly FenceRemover? fence = screened.Unwraps && field == DeltaField.Words ? new() : null;
    private readonly System.Text.StringBuilder? said = screened.Transcript?.Open();
    private readonly ArrayBufferWriter<char> looked = new(256);
    private readonly ArrayBufferWriter<char> ready = new(256);

    /// <summary>The last event that continued it, to carry what is still to come when it ends; null = nothing waits.</summary>
    public byte[]? Carrier { get; set; }

    /// <summary>Whether anything waits.</summary>
    public bool Waits => redactor.Waiting + restorer.Waiting + (fence?.Waiting ?? 0) > 0;

    /// <summary>What may go out now; taken by <see cref="Clear"/>.</summary>
    public ReadOnlySpan<char> Ready => ready.WrittenSpan;

    /// <summary>Takes a piece.</summary>
    public ScreenVerdict? Take(ReadOnlySpan<char> piece) => Take(fence is null ? piece : fence.Take(piece), ready);

    private ScreenVerdict? Take(ReadOnlySpan<char> piece, ArrayBufferWriter<char> ready)
    {
        var verdict = redactor.Take(piece, looked);
        if (verdict is null)
        {
            said?.Append(looked.WrittenSpan);
            restorer.Take(looked.WrittenSpan, ready);
        }
        looked.ResetWrittenCount();
        return verdict;
    }

    /// <summary>Nothing more comes.</summary>
    public ScreenVerdict? End()
    {
        if (fence is not null && Take(fence.End(), ready) is { } late) return late;
        var verdict = redactor.End(looked);
        if (verdict is null)
        {
            said?.Append(looked.WrittenSpan);
            restorer.Take(looked.WrittenSpan, ready);
            restorer.End(ready);
        }
        looked.ResetWrittenCount();
        return verdict;
    }

    /// <summary>What was ready went out.</summary>
    public void Clear() => ready.ResetWrittenCount();
}
