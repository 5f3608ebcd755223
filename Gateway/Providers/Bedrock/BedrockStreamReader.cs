using System.Text.Json;
using AspireGateway.Gateway.Neutral;

namespace AspireGateway.Gateway.Providers.Bedrock;

/// <summary>
/// Reads the messages of ConverseStream (Amazon Bedrock API reference, "ConverseStreamOutput"): messageStart, then for each block of content
/// contentBlockStart (tools only), contentBlockDelta, contentBlockStop; messageStop with the reason, metadata with the usage.
/// </summary>
internal sealed class BedrockStreamReader : IChatStreamReader
{
    private BedrockParts parts;
    private bool isStopped;

    /// <inheritdoc />
    public ProviderFailure? Failure { get; private set; }

    /// <inheritdoc />
    public StreamStep Read(ReadOnlySpan<byte> eventData, IReplySink sink)
    {
        if (!BedrockFrame.TryRead(eventData, out var frame)) return StreamStep.Failed;
        if (!frame.IsEvent)
        {
            Failure = BedrockFailureReader.InStream(frame);
            return StreamStep.Failed;
        }
        try
        {
            return Read(frame, sink);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return StreamStep.Failed;
        }
    }

    /// <inheritdoc />
    public StreamStep End(IReplySink sink)
    {
        parts.Close(sink);
        // The usage comes after the reason: a stream cut between them is whole for the caller.
        return isStopped ? StreamStep.Done : StreamStep.Failed;
    }

    private StreamStep Read(in BedrockFrame frame, IReplySink sink)
    {
        var reader = new Utf8JsonReader(frame.Payload, BedrockJson.Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return StreamStep.Failed;
        if (frame.Type.SequenceEqual("contentBlockDelta"u8)) return ReadDelta(frame.Payload, ref reader, sink) ? StreamStep.More : StreamStep.Failed;
        if (frame.Type.SequenceEqual("messageStart"u8)) parts.Start(sink);
        else if (frame.Type.SequenceEqual("contentBlockStart"u8)) ReadBlockStart(ref reader, sink);
        else if (frame.Type.SequenceEqual("contentBlockStop"u8)) ReadBlockStop(ref reader, sink);
        else if (frame.Type.SequenceEqual("messageStop"u8)) ReadMessageStop(ref reader, sink);
        else if (frame.Type.SequenceEqual("metadata"u8)) return ReadMetadata(ref reader, sink);
        return StreamStep.More;
    }

    private void ReadBlockStart(scoped ref Utf8JsonReader reader, IReplySink sink)
    {
        var index = 0;
        var isTool = false;
        ReadOnlySpan<byte> id = default, name = default;
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("contentBlockIndex"u8))
            {
                index = BedrockJson.Index(ref reader);
            }
            else if (reader.ValueTextEquals("start"u8))
            {
                if (!BedrockJson.EntersObject(ref reader)) continue;
                while (BedrockJson.NextProperty(ref reader))
                {
                    if (!reader.ValueTextEquals("toolUse"u8))
                    {
                        BedrockJson.PassOver(ref reader);
                        continue;
                    }
                    if (!BedrockJson.EntersObject(ref reader)) continue;
                    isTool = true;
                    while (BedrockJson.NextProperty(ref reader))
                    {
                        if (reader.ValueTextEquals("toolUseId"u8)) id = BedrockJson.Text(ref reader);
                        else if (reader.ValueTextEquals("name"u8)) name = BedrockJson.Text(ref reader);
                        else BedrockJson.PassOver(ref reader);
                    }
                }
            }
            else
            {
                BedrockJson.PassOver(ref reader);
            }
        }
        if (isTool) parts.StartTool(sink, index, id, name);
    }

    private bool ReadDelta(ReadOnlySpan<byte> payload, scoped ref Utf8JsonReader reader, IReplySink sink)
    {
        // The index may stand behind the delta, so the delta's few texts are found first and told then.
        var index = 0;
        var found = new Delta { Payload = payload };
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("delta"u8)) ReadDeltaValue(ref reader, ref found);
            else if (reader.ValueTextEquals("contentBlockIndex"u8)) index = BedrockJson.Index(ref reader);
            else BedrockJson.PassOver(ref reader);
        }
        if (!parts.Add(sink, index, PartKind.Text, found.Text)) return false;
        if (found.HasInput && !parts.Add(sink, index, PartKind.ToolCall, found.Input)) return false;
        parts.Add(sink, index, PartKind.Thinking, found.Thought);
        parts.Sign(sink, index, found.Signature);
        parts.Add(sink, index, PartKind.RedactedThinking, found.Redacted);
        if (!found.Citation.IsEmpty)
        {
            var citation = new Utf8JsonReader(found.Citation, BedrockJson.Options);
            citation.Read();
            parts.Cite(sink, index, ref citation);
        }
        return true;
    }

    private static void ReadDeltaValue(scoped ref Utf8JsonReader reader, ref Delta found)
    {
        if (!BedrockJson.EntersObject(ref reader)) return;
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("text"u8))
            {
                found.Text = BedrockJson.Text(ref reader);
            }
            else if (reader.ValueTextEquals("toolUse"u8))
            {
                found.HasInput = true;
                found.Input = BedrockJson.MemberText(ref reader, "input"u8);
            }
            else if (reader.ValueTextEquals("reasoningContent"u8))
            {
                if (!BedrockJson.EntersObject(ref reader)) continue;
                while (BedrockJson.NextProperty(ref reader))
                {
                    if (reader.ValueTextEquals("text"u8)) found.Thought = BedrockJson.Text(ref reader);
                    else if (reader.ValueTextEquals("signature"u8)) found.Signature = BedrockJson.Text(ref reader);
                    else if (reader.ValueTextEquals("redactedContent"u8)) found.Redacted = BedrockJson.Text(ref reader);
                    else BedrockJson.PassOver(ref reader);
                }
            }
            else if (reader.ValueTextEquals("citation"u8))
            {
                if (!BedrockJson.EntersObject(ref reader)) continue;
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                found.Citation = found.Payload[start..(int)reader.BytesConsumed];
            }
            else
            {
                BedrockJson.PassOver(ref reader);
            }
        }
    }

    private void ReadBlockStop(scoped ref Utf8JsonReader reader, IReplySink sink)
    {
        var index = 0;
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("contentBlockIndex"u8)) index = BedrockJson.Index(ref reader);
            else BedrockJson.PassOver(ref reader);
        }
        parts.CloseBlock(sink, index);
    }

    private void ReadMessageStop(scoped ref Utf8JsonReader reader, IReplySink sink)
    {
        ReadOnlySpan<byte> reason = default, sequence = default;
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("stopReason"u8)) reason = BedrockJson.Text(ref reader);
            else if (reader.ValueTextEquals("additionalModelResponseFields"u8)) sequence = BedrockJson.MemberText(ref reader, "stop_sequence"u8);
            else BedrockJson.PassOver(ref reader);
        }
        if (isStopped) return;
        isStopped = true;
        parts.Start(sink);
        parts.Close(sink);
        sink.Take(new ReplyEvent { Kind = ReplyEventKind.Finish, FinishReason = BedrockFinish.Of(reason), Text = sequence });
    }

    private StreamStep ReadMetadata(scoped ref Utf8JsonReader reader, IReplySink sink)
    {
        parts.Start(sink);
        while (BedrockJson.NextProperty(ref reader))
        {
            if (reader.ValueTextEquals("usage"u8))
            {
                reader.Read();
                if (BedrockUsage.Read(ref reader) is { } usage) sink.Take(new ReplyEvent { Kind = ReplyEventKind.Usage, Usage = usage });
            }
            else if (reader.ValueTextEquals("serviceTier"u8))
            {
                var tier = BedrockJson.MemberText(ref reader, "type"u8);
                if (!tier.IsEmpty) sink.Take(new ReplyEvent { Kind = ReplyEventKind.About, Name = tier });
            }
            else
            {
                BedrockJson.PassOver(ref reader);
            }
        }
        return isStopped ? StreamStep.Done : StreamStep.More;
    }

    /// <summary>What a delta brings; all but one are empty.</summary>
    private ref struct Delta
    {
        public ReadOnlySpan<byte> Payload, Text, Input, Thought, Signature, Redacted, Citation;
        public bool HasInput;
    }
}
