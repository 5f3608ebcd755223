using System.Buffers;
using System.Text;
using AspireGateway.Gateway.Guardrails.Replies;

namespace AspireGateway.Gateway.Tests.Guardrails.Replies;

public sealed class LogprobStripTests
{
    [Theory]
    [InlineData("""{"choices":[{"logprobs":{"content":[{"token":"falcon"}]},"index":0}],"x":1.50}""", """{"choices":[{"logprobs":null,"index":0}],"x":1.50}""")]
    [InlineData("""{"delta":"x","logprobs":[{"token":"falcon","top_logprobs":[]}]}""", """{"delta":"x","logprobs":[]}""")]
    [InlineData("""{"logprobs":null,"text":"logprobs"}""", """{"logprobs":null,"text":"logprobs"}""")]
    public void Write_Reply_LeavesAllElse(string json, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        LogprobStrip.Write(Encoding.UTF8.GetBytes(json), output);
        Assert.Equal(expected, GuardrailWorld.Text(output));
    }
}
