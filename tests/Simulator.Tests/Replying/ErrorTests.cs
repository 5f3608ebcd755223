using System.Net;
using System.Text.Json;

namespace AspireGateway.Simulator.Tests.Replying;

public sealed class ErrorTests : SimulatorTest
{
    [Fact]
    public async Task Status_WithRetryAfter_AnswersBoth()
    {
        using var response = await ChatAsync(script: "status=529; retry-after=2");

        Assert.Equal(529, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter!.Delta);
        Assert.Equal("server_error", (await ReadAsync(response)).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task ErrorBody_Html_IsAPage()
    {
        using var response = await ChatAsync(script: "status=502; error-body=html");

        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.StartsWith("<html>", await response.Content.ReadAsStringAsync(Timeout), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErrorBody_Empty_HasNoBody()
    {
        using var response = await ChatAsync(script: "status=503; error-body=empty");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Timeout));
    }

    [Fact]
    public async Task BodyBytes_OnAnError_PadsTheMessage()
    {
        using var response = await ChatAsync(script: "status=500; body-bytes=100000");

        Assert.Equal(100_000, (await ReadAsync(response)).GetProperty("error").GetProperty("message").GetString()!.Length);
    }

    [Fact]
    public async Task ErrorAfter_Stream_EndsWithAnErrorEvent()
    {
        var events = await StreamAsync("error-after=2; error-code=overloaded");

        Assert.Equal(4, events.Count);
        Assert.Equal("overloaded", JsonElement.Parse(events[^1]).GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task Headers_Scripted_AreSent()
    {
        using var response = await ChatAsync(script: "header-x-ratelimit-remaining-requests=7; header-x-note=\"a; b\"");

        Assert.Equal("7", Assert.Single(response.Headers.GetValues("x-ratelimit-remaining-requests")));
        Assert.Equal("a; b", Assert.Single(response.Headers.GetValues("x-note")));
    }
}
