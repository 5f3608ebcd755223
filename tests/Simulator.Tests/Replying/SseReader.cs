using System.Text;
using System.Text.Json;

namespace AspireGateway.Simulator.Tests.Replying;

/// <summary>One event of a stream: its name, if it has one, and its data; data that is no JSON is undefined.</summary>
public sealed record SseEvent(string? Name, JsonElement Data);

/// <summary>Reads whole events; a last one that is cut off is left out.</summary>
public static class SseReader
{
    public static List<SseEvent> Read(byte[] stream)
    {
        var events = new List<SseEvent>();
        var text = Encoding.UTF8.GetString(stream);
        for (int start = 0, end; (end = text.IndexOf("\n\n", start, StringComparison.Ordinal)) >= 0; start = end + 2)
        {
            string? name = null, data = null;
            foreach (var line in text[start..end].Split('\n'))
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal)) name = line[7..];
                else if (line.StartsWith("data: ", StringComparison.Ordinal)) data = line[6..];
            }

            events.Add(new SseEvent(name, Parse(data!)));
        }

        return events;
    }

    private static JsonElement Parse(string data)
    {
        try
        {
            return JsonElement.Parse(data);
        }
        catch (JsonException)
        {
            return default;
        }
    }
}
