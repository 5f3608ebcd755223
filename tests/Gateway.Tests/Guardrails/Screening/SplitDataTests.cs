using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Guardrails.Masking;
using AspireGateway.Gateway.Guardrails.Prompts;
using AspireGateway.Gateway.Guardrails.Screening;
using AspireGateway.Shared.Domain.Guardrails;

namespace AspireGateway.Gateway.Tests.Guardrails.Screening;

/// <summary>Personal data wherever a body can carry it, whole or in pieces: none of it leaves.</summary>
public sealed class SplitDataTests
{
    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"My card is 4111 1111"},{"role":"assistant","content":"Go on."},{"role":"user","content":"1111 1111 and that is all"}]}""", "1111")]
    [InlineData("""{"messages":[{"role":"user","content":"My card is 41111111"},{"role":"user","content":"11111111"}]}""", "1111")]
    [InlineData("""{"messages":[{"role":"user","content":"Write to ada@exam"},{"role":"user","content":"ple.com please"}]}""", "ple.com")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"Write to ada@exam"},{"type":"text","text":"ple.com please"}]}]}""", "ple.com")]
    [InlineData("""{"messages":[{"role":"system","content":"The customer is ada@example.com."},{"role":"user","content":"Hi"}]}""", "ada")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"to\":\"ada\\u0040example.com\"}"}}]}]}""", "ada")]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"text\":\"Dear\\nada@example.com\"}"}}]}]}""", "ada")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"mail=ada%40example.com"}]}]}""", "ada")]
    [InlineData("""{"messages":[{"role":"user","content":"\u0061da\u0040example.com"}]}""", "da")]
    [InlineData("""{"messages":[{"role":"user","content":"YWRhIGlzIGFkYUBleGFtcGxlLmNvbQ=="}]}""", "YWRh")]
    [InlineData("""{"tools":[{"type":"function","function":{"name":"f","description":"Ask ada@example.com","parameters":{}}}],"messages":[]}""", "ada")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/?m=ada%40example.com"}}]}]}""", "ada")]
    public void Mask_WhereverItStands_LeavesNothing(string body, string gone)
    {
        var masked = Masked(body);

        Assert.DoesNotContain(gone, masked, StringComparison.Ordinal);
        System.Text.Json.JsonDocument.Parse(masked).Dispose();
    }

    [Fact]
    public void Mask_ArgumentsWithEscapes_StayJson()
    {
        var masked = Masked("""{"messages":[{"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"text\":\"Dear\\nada@example.com\"}"}}]}]}""");
        using var body = System.Text.Json.JsonDocument.Parse(masked);
        var arguments = body.RootElement.GetProperty("messages")[0].GetProperty("tool_calls")[0].GetProperty("function").GetProperty("arguments").GetString()!;

        Assert.Equal("{\"text\":\"Dear\\n<EMAIL_1>\"}", arguments);
    }

    [Theory]
    [InlineData("Write to ada@example.com", "Thanks a lot", "Write to <EMAIL_1>", "Thanks a lot")]
    [InlineData("The order is 4711", "2024 was a good year", "The order is 4711", "2024 was a good year")]
    [InlineData("See you at 10", "11 people come", "See you at 10", "11 people come")]
    public void Mask_MessagesThatHaveNothingInCommon_LosesNoMore(string first, string second, string firstMasked, string secondMasked) =>
        Assert.Equal(Body(firstMasked, secondMasked), Masked(Body(first, second)));

    private static string Body(string first, string second) => $$"""{"messages":[{"role":"user","content":"{{first}}"},{"role":"user","content":"{{second}}"}]}""";

    private static string Masked(string text)
    {
        var body = Encoding.UTF8.GetBytes(text);
        var screened = GuardrailWorld.Screened(new() { PersonalData = new() { Level = GuardrailLevels.Standard } });
        using var scratch = ScreenScratch.Take();
        Assert.True(BodyTextReader.TryRead(body, 64, scratch.Texts));
        Assert.Null(new TextScreen(TimeProvider.System, new()).Look(scratch, screened, isReply: false));
        var output = new ArrayBufferWriter<byte>();
        BodyMask.Write(body, scratch.Texts, scratch.Replacements, output);
        return GuardrailWorld.Text(output);
    }
}
