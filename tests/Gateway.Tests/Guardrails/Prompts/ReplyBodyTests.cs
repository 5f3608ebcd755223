using System.Text;
using AspireGateway.Gateway.Guardrails.Prompts;

namespace AspireGateway.Gateway.Tests.Guardrails.Prompts;

public sealed class ReplyBodyTests
{
    [Theory]
    [InlineData("""{"text":"hi","usage":{"type":"duration","seconds":3}}""", "hi")]
    [InlineData("""{"text":"hi","segments":[{"text":"h"},{"text":"i"}]}""", "hi|h|i")]
    [InlineData("WEBVTT\n\n00:00.000 --> 00:02.000\nhi\n", "WEBVTT\n\n00:00.000 --> 00:02.000\nhi\n")]
    [InlineData("[Music] hi", "[Music] hi")]
    [InlineData("\"Hi\", she said", "\"Hi\", she said")]
    [InlineData("{} and more", "{} and more")]
    [InlineData("{laughs} hi", "{laughs} hi")]
    [InlineData("12 o'clock", "12 o'clock")]
    [InlineData("", "")]
    public void Read_JsonOrText_LeavesNothingUnseen(string body, string found)
    {
        using var texts = new BodyTexts();
        ReplyBody.Read(Encoding.UTF8.GetBytes(body), texts);
        var read = new List<string>();
        foreach (ref readonly var part in texts.Parts) read.Add(texts.TextOf(part).ToString());
        Assert.Equal(found, string.Join('|', read));
    }
}
