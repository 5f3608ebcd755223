using System.Text;
using AspireGateway.Gateway.Guardrails.Replies;
using AspireGateway.Gateway.Guardrails.ReplyFormat;

namespace AspireGateway.Gateway.Tests.Guardrails.Replies;

public sealed class FenceRemoverTests
{
    [Theory]
    [InlineData("```json\n{\"a\":1}\n```", "{\"a\":1}")]
    [InlineData(" \n```\n[1, 2]```\n\n", "[1, 2]")]
    [InlineData("```json\n{\"a\":\"`x`\"}\n```", "{\"a\":\"`x`\"}")]
    [InlineData("{\"a\":1}", "{\"a\":1}")]
    [InlineData("``", "``")]
    [InlineData("`a`", "`a`")]
    [InlineData("", "")]
    [InlineData("```json", "```json")]
    [InlineData("``` this line is far too long to be the first one of a fence\n{}", "``` this line is far too long to be the first one of a fence\n{}")]
    public void Take_EveryChunking_LeavesTheSame(string text, string expected)
    {
        for (var size = 1; size <= Math.Max(1, text.Length); size++)
        {
            var (remover, output) = (new FenceRemover(), new StringBuilder());
            for (var at = 0; at < text.Length; at += size) output.Append(remover.Take(text.AsSpan(at, Math.Min(size, text.Length - at))));
            output.Append(remover.End());
            Assert.Equal((expected, 0), (output.ToString(), remover.Waiting));
        }
    }

    [Theory]
    [InlineData("```json\n{}\n```", "{}\n")]
    [InlineData("a ```\n{}\n```", null)]
    [InlineData("```\n{}\n``` b", null)]
    [InlineData("```\n{}\n```\n```\n{}\n```", null)]
    [InlineData("``````", null)]
    [InlineData("```", null)]
    public void TryUnwrap_OneBlockOnly(string text, string? inside) => Assert.Equal(inside, CodeFence.TryUnwrap(text, out var range) ? text[range] : null);
}
