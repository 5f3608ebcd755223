using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Guardrails.Media;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.Media;

/// <summary>Bodies with media, and what the guardrail says about them.</summary>
internal static class MediaWorld
{
    public static readonly GuardrailRule Standard = new() { Level = GuardrailLevels.Standard };

    /// <summary>A question of OpenAI's chat with a picture.</summary>
    public static string Chat(byte[] file, string type = "image/png") => ChatOf($"data:{type};base64,{Convert.ToBase64String(file)}");

    public static string ChatOf(string url) =>
        $$"""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"look"},{"type":"image_url","image_url":{"url":"{{url}}","detail":"low"} }]}]}""";

    /// <summary>The media of a body.</summary>
    public static BodyMedia Read(string body)
    {
        var (media, bytes) = (new BodyMedia(), Encoding.UTF8.GetBytes(body));
        media.Begin(bytes);
        BodyMediaReader.Read(bytes, 64, media);
        return media;
    }

    /// <summary>Why a body may not leave, or null, and what was counted.</summary>
    public static (string? Blocked, string Header) Look(GuardrailRule rule, string body) => Look(rule, media =>
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        media.Begin(bytes);
        BodyMediaReader.Read(bytes, 64, media);
    });

    /// <summary>The same of a file as it is.</summary>
    public static (string? Blocked, string Header) LookAtFile(GuardrailRule rule, byte[] file, string? declared = null) => Look(rule, media =>
    {
        media.Begin(file);
        media.Add(new(0, file.Length, MediaEncoding.Plain, declared));
    });

    /// <summary>A body as it leaves.</summary>
    public static string Strip(string body)
    {
        var output = new ArrayBufferWriter<byte>();
        MediaStrip.Write(Read(body), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    private static (string? Blocked, string Header) Look(GuardrailRule rule, Action<BodyMedia> fill)
    {
        var screened = GuardrailWorld.Screened(new() { Media = rule });
        using var scratch = ScreenScratch.Take();
        fill(scratch.Media);
        var verdict = new TextScreen(TimeProvider.System, new()).Look(scratch, screened, isReply: false);
        Assert.False(verdict is { HasFailed: true });
        return (verdict is null ? null : string.Join(',', verdict.Types), screened.Tally.ToHeader());
    }
}
