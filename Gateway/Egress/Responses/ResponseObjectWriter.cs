using System.Text.Json;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Pipeline;

namespace AspireGateway.Gateway.Egress.Responses;

/// <summary>How a response stands.</summary>
internal enum ResponseStatus
{
    /// <summary>Being written.</summary>
    InProgress,

    /// <summary>Whole.</summary>
    Completed,

    /// <summary>Ended at the cap on tokens.</summary>
    OutOfTokens,

    /// <summary>Cut off by a filter.</summary>
    Filtered,
}

/// <summary>Writes the response object (OpenAI API reference, "The response object").</summary>
internal sealed class ResponseObjectWriter(ReplyContext context)
{
    private readonly RequestEcho echo = new(context.RequestBody);

    /// <summary>The response's id.</summary>
    public string Id { get; } = $"resp_{context.Id:N}";

    /// <summary>How a finished reply stands.</summary>
    public static ResponseStatus StatusOf(ChatReply reply)
    {
        if (reply.Choices is not [var choice, ..]) return ResponseStatus.Completed;
        return choice.FinishReason switch
        {
            FinishReason.Length => ResponseStatus.OutOfTokens,
            FinishReason.ContentFilter => ResponseStatus.Filtered,
            FinishReason.Refusal when !choice.Parts.Exists(part => part.Kind == PartKind.Refusal) => ResponseStatus.Filtered,
            _ => ResponseStatus.Completed,
        };
    }

    /// <summary>Writes the object.</summary>
    public void Write(Utf8JsonWriter writer, ChatReply reply, ResponseStatus status)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, Id);
        writer.WriteString("object"u8, "response"u8);
        writer.WriteNumber("created_at"u8, context.CreatedAt.ToUnixTimeSeconds());
        writer.WriteString("status"u8, status switch
        {
            ResponseStatus.InProgress => "in_progress"u8,
            ResponseStatus.Completed => "completed"u8,
            _ => "incomplete"u8,
        });
        writer.WriteBoolean("background"u8, false);
        writer.WriteNull("error"u8);
        WriteIncomplete(writer, status);
        if (reply.Model.IsEmpty) writer.WriteString("model"u8, context.Model);
        else writer.WriteText("model"u8, reply.Model);
        WriteOutput(writer, reply, status);
        writer.WriteNull("previous_response_id"u8);
        // Nothing is kept on the way through another protocol, whatever was asked.
        writer.WriteBoolean("store"u8, false);
        if (reply.ServiceTier.IsEmpty) writer.WriteString("service_tier"u8, "default"u8);
        else writer.WriteText("service_tier"u8, reply.ServiceTier);
        echo.Write(writer);
        WriteUsage(writer, status == ResponseStatus.InProgress ? null : reply.Usage);
        writer.WriteEndObject();
    }

    private static void WriteIncomplete(Utf8JsonWriter writer, ResponseStatus status)
    {
        if (status is not (ResponseStatus.OutOfTokens or ResponseStatus.Filtered))
        {
            writer.WriteNull("incomplete_details"u8);
            return;
        }
        writer.WriteStartObject("incomplete_details"u8);
        writer.WriteString("reason"u8, status == ResponseStatus.OutOfTokens ? "max_output_tokens"u8 : "content_filter"u8);
        writer.WriteEndObject();
    }

    private void WriteOutput(Utf8JsonWriter writer, ChatReply reply, ResponseStatus status)
    {
        writer.WriteStartArray("output"u8);
        if (status != ResponseStatus.InProgress && reply.Choices is [var choice, ..])
        {
            var items = OutputItems.Of(choice);
            for (var i = 0; i < items.Count; i++)
            {
                var isCut = status != ResponseStatus.Completed && i == items.Count - 1;
                OutputItems.Write(writer, choice, items[i], OutputItems.IdOf(context.Id, items[i].Kind, i), isCut ? "incomplete"u8 : "completed"u8);
            }
        }
        writer.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter writer, TokenUsage? reported)
    {
        if (reported is not { } usage)
        {
            writer.WriteNull("usage"u8);
            return;
        }
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("input_tokens"u8, usage.TotalInput);
        writer.WriteStartObject("input_tokens_details"u8);
        writer.WriteNumber("cached_tokens"u8, usage.CacheRead);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens"u8, usage.Output);
        writer.WriteStartObject("output_tokens_details"u8);
        writer.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens"u8, usage.TotalInput + usage.Output);
        writer.WriteEndObject();
    }
}
