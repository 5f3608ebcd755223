using System.Text;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>Where a part stands in the output.</summary>
internal sealed class PartPlace
{
    /// <summary>What the part is.</summary>
    public PartKind Kind { get; init; }

    /// <summary>The item that it is in.</summary>
    public int Index { get; set; }

    /// <summary>Its place among the parts of a message.</summary>
    public int Content { get; set; }

    /// <summary>The item's id.</summary>
    public string ItemId { get; set; } = "";

    /// <summary>How many sources were told.</summary>
    public int Annotations { get; set; }

    /// <summary>Whether any of its text came.</summary>
    public bool HasText { get; set; }

    /// <summary>Whether the summary of its thoughts was begun.</summary>
    public bool HasSummary { get; set; }

    /// <summary>The bytes of its deltas before the event's number.</summary>
    public byte[] DeltaHead { get; private set; } = [];

    /// <summary>Those between the number and the text.</summary>
    public byte[] DeltaPlace { get; private set; } = [];

    /// <summary>Those behind the text.</summary>
    public byte[] DeltaTail { get; private set; } = [];

    /// <summary>Builds the bytes around the part's text, once it is known where it stands.</summary>
    public void BuildDelta()
    {
        var type = Kind switch
        {
            PartKind.Thinking => "response.reasoning_summary_text.delta",
            PartKind.ToolCall => "response.function_call_arguments.delta",
            PartKind.Refusal => "response.refusal.delta",
            _ => "response.output_text.delta",
        };
        var inside = Kind switch
        {
            PartKind.Thinking => "\"summary_index\":0,",
            PartKind.ToolCall => "",
            _ => $"\"content_index\":{Content},",
        };
        DeltaHead = Encoding.UTF8.GetBytes($"event: {type}\ndata: {{\"type\":\"{type}\",\"sequence_number\":");
        DeltaPlace = Encoding.UTF8.GetBytes($",\"item_id\":\"{ItemId}\",\"output_index\":{Index},{inside}\"delta\":\"");
        DeltaTail = Kind == PartKind.Text ? "\",\"logprobs\":[]}\n\n"u8.ToArray() : "\"}\n\n"u8.ToArray();
    }
}
