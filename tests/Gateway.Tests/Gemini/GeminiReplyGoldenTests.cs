using System.Text;
using AspireGateway.Gateway.Neutral;
using AspireGateway.Gateway.Providers;
using AspireGateway.Gateway.Providers.Calling;
using AspireGateway.Gateway.Tests.Golden;
using AspireGateway.Gateway.Tests.Neutral;

namespace AspireGateway.Gateway.Tests.Gemini;

/// <summary>What Google's replies mean in neutral words.</summary>
public sealed class GeminiReplyGoldenTests
{
    private static readonly IProviderModule Module = ProviderModules.Find("gemini")!;

    public static TheoryData<string> Replies => [.. GoldenCases.In("GeminiReplies", "json")];

    public static TheoryData<string> Streams => [.. GoldenCases.In("GeminiStreams", "sse")];

    [Theory]
    [MemberData(nameof(Replies))]
    public void WholeReply_Read_EqualsGolden(string name)
    {
        var body = GoldenCases.Read("GeminiReplies", name, "in", "json");
        var dump = new EventDump();
        if (Module.RejectionIn(body) is { } rejection) dump.Note(Shown(rejection));
        else if (!Module.Chat!.TryReadReply(body, dump)) dump.Note("no reply");
        Assert.Empty(dump.Faults);
        GoldenFile.Check("GeminiReplies", name + ".events.txt", dump.ToString());
    }

    [Theory]
    [MemberData(nameof(Streams))]
    public void Stream_Read_EqualsGolden(string name)
    {
        var dump = new EventDump();
        var reader = Module.Chat!.OpenStream();
        var (isFirst, isOver) = (true, false);
        foreach (var data in EventsOf(GoldenCases.Read("GeminiStreams", name, "in", "sse")))
        {
            if (isFirst && Module.FailureIn(data) is { } failure)
            {
                dump.Note("first event: " + Shown(failure));
                isOver = true;
                break;
            }
            isFirst = false;
            if (reader.Read(data, dump) != StreamStep.Failed) continue;
            dump.Note("failed: " + (reader.Failure is { } told ? Shown(told) : "no reason given"));
            isOver = true;
            break;
        }
        if (!isOver) dump.Note($"end: {reader.End(dump)}");
        Assert.Empty(dump.Faults);
        GoldenFile.Check("GeminiStreams", name + ".events.txt", dump.ToString());
    }

    [Fact]
    public void WholeReply_BuiltFromEvents_KeepsWordsAndArguments()
    {
        var whole = new ReplyBuilder();
        Assert.True(Module.Chat!.TryReadReply(GoldenCases.Read("GeminiReplies", "tools-pretty", "in", "json"), whole));
        var call = whole.Finish().Choices[0].Parts[^1];
        Assert.Equal("{\"city\":\"Oslo \\\"N\\\" \\\\\",\"list\":[1,{\"a\":null}]}", call.Text.ToString());
        Assert.Equal("c2lnbmVk", call.Signature.ToString());
    }

    internal static List<byte[]> EventsOf(byte[] sse)
    {
        var events = new List<byte[]>();
        var rest = sse.AsSpan();
        while (!rest.IsEmpty)
        {
            var lineStart = 0;
            var length = SseScanner.FirstEventLength(rest, ref lineStart);
            if (length == 0) length = rest.Length;
            var data = SseScanner.DataOf(rest[..length], out _);
            if (!data.IsEmpty) events.Add(data.ToArray());
            rest = rest[length..];
        }
        return events;
    }

    private static string Shown(ProviderFailure failure) =>
        new StringBuilder().Append($"{failure.Outcome} next={failure.TryNext} {failure.Refusal.Status} {failure.Refusal.Code} retry={failure.Refusal.RetryAfterSeconds}: {failure.Refusal.Message}").ToString();
}
