using System.Text.Json;

namespace AspireGateway.Gateway.PassThrough;

/// <summary>
/// Finds the usage and the model's name in a JSON reply, or in each event of a stream, while its bytes pass; memory is bounded whatever their number. It follows
/// strings and brackets only as far as it must to know where it stands: <c>usage</c> counts at the top level (of each element where the reply is an
/// array, as Gemini streams without events) and inside <c>message</c> and <c>response</c>, where Anthropic's and OpenAI's events have it. The same word
/// deeper down is content, perhaps a model's answer, and counts nothing.
/// </summary>
internal sealed class ReplyWatch(bool isStream)
{
    private const int MaxValue = 8 * 1024, MaxName = 24;

    private readonly byte[] name = new byte[MaxName];
    private byte[]? value;
    private int nameLength, valueLength, depth, root, captureDepth;
    private bool inString, escaped, isName, afterColon, nested, capturing;
    private Field pending;

    /// <summary>What the reply reports.</summary>
    public ReportedUsage Usage { get; } = new();

    /// <summary>The model that the provider says it used.</summary>
    public string? ServedModel { get; private set; }

    /// <summary>Events of a stream that carried JSON.</summary>
    public long Events { get; private set; }

    private bool IsInteresting => depth == root + 1 || (nested && depth == root + 2);

    /// <summary>Reads the next bytes.</summary>
    public void Read(ReadOnlySpan<byte> bytes)
    {
        var i = 0;
        while (i < bytes.Length)
        {
            if (inString)
            {
                i += ReadString(bytes[i..]);
                continue;
            }
            ReadToken(bytes[i]);
            i++;
        }
    }

    /// <summary>Reads on inside a string; returns how many bytes.</summary>
    private int ReadString(ReadOnlySpan<byte> bytes)
    {
        if (escaped)
        {
            escaped = false;
            Keep(bytes[..1]);
            return 1;
        }
        var stop = isStream ? bytes.IndexOfAny((byte)'"', (byte)'\\', (byte)'\n') : bytes.IndexOfAny((byte)'"', (byte)'\\');
        var length = stop < 0 ? bytes.Length : stop + 1;
        Keep(bytes[..length]);
        if (stop < 0) return length;
        if (bytes[stop] == '\n')
        {
            // No string goes over a line's end: the event is broken.
            Reset();
            return length;
        }
        if (bytes[stop] == '\\')
        {
            escaped = true;
            return length;
        }
        inString = false;
        if (isName) pending = FieldOf(name.AsSpan(0, Math.Max(0, nameLength - 1)));
        else if (capturing && depth == captureDepth) EndCapture();
        isName = false;
        return length;
    }

    private void ReadToken(byte token)
    {
        switch (token)
        {
            case (byte)'"':
                inString = true;
                isName = IsInteresting && !afterColon;
                nameLength = 0;
                if (afterColon && pending == Field.Model && IsInteresting && !capturing) BeginCapture();
                break;
            case (byte)'{' or (byte)'[':
                if (depth == 0)
                {
                    root = token == '[' ? 1 : 0;
                    if (token == '{') Events++;
                }
                if (token == '{' && afterColon && IsInteresting && !capturing)
                {
                    if (pending == Field.Usage) BeginCapture();
                    else if (pending == Field.Wrapper && depth == root + 1) nested = true;
                }
                depth++;
                afterColon = false;
                break;
            case (byte)'}' or (byte)']':
                if (depth > 0) depth--;
                afterColon = false;
                pending = Field.None;
                if (nested && depth <= root + 1) nested = false;
                break;
            case (byte)':':
                if (IsInteresting) afterColon = true;
                break;
            case (byte)',':
                if (!IsInteresting) break;
                afterColon = false;
                pending = Field.None;
                break;
            case (byte)'\n' when isStream:
                // An event's JSON is one line; what follows begins anew, whatever this one was.
                Reset();
                return;
        }
        Keep([token]);
        if (capturing && !inString && depth == captureDepth && token is (byte)'}' or (byte)']') EndCapture();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        if (isName)
        {
            // Longer names are none of ours; the length tells.
            if (nameLength + bytes.Length <= MaxName) bytes.CopyTo(name.AsSpan(nameLength));
            nameLength = inString && nameLength == 0 && bytes is [(byte)'"'] ? 0 : Math.Min(MaxName + 1, nameLength + bytes.Length);
        }
        if (!capturing) return;
        if (valueLength + bytes.Length > MaxValue)
        {
            capturing = false;
            return;
        }
        bytes.CopyTo(value.AsSpan(valueLength));
        valueLength += bytes.Length;
    }

    private void BeginCapture()
    {
        value ??= new byte[MaxValue];
        valueLength = 0;
        captureDepth = depth;
        capturing = true;
    }

    private void EndCapture()
    {
        capturing = false;
        var json = value.AsSpan(0, valueLength);
        if (json is [(byte)'{', ..]) Usage.Take(json);
        else if (TextOf(json) is { Length: > 0 and <= 200 } model) ServedModel ??= model;
    }

    private void Reset()
    {
        depth = root = nameLength = 0;
        inString = escaped = isName = afterColon = nested = capturing = false;
        pending = Field.None;
    }

    private static string? TextOf(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are no UTF-8.
            return null;
        }
    }

    private static Field FieldOf(ReadOnlySpan<byte> name)
    {
        if (name.SequenceEqual("usage"u8) || name.SequenceEqual("usageMetadata"u8)) return Field.Usage;
        if (name.SequenceEqual("model"u8) || name.SequenceEqual("modelVersion"u8)) return Field.Model;
        return name.SequenceEqual("message"u8) || name.SequenceEqual("response"u8) ? Field.Wrapper : Field.None;
    }

    private enum Field : byte
    {
        None,
        Usage,
        Model,
        Wrapper,
    }
}
