using System.Net;
using AspireGateway.Gateway.Tests.Guardrails.External;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Net;
using Microsoft.AspNetCore.Http;

namespace AspireGateway.Portal.Tests.Guardrails;

/// <summary>Checks that are tried: what they get, and what people read about what they say.</summary>
public sealed class TestGuardrailCheckTests(PortalHost portal, CheckServer server) : IClassFixture<PortalHost>, IClassFixture<CheckServer>
{
    private const string Path = "/api/guardrail-checks", Secret = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    [Theory]
    [InlineData("moderations", "", """{"results":[{"flagged":false}]}""", "It lets the sample pass.")]
    [InlineData("moderations", "", """{"results":[{"flagged":true,"categories":{"violence":true}}]}""", "It would act on the sample: VIOLENCE.")]
    [InlineData("chat", "\"model\":\"guard\",", """{"choices":[{"message":{"content":"safe"}}]}""", "It lets the sample pass.")]
    [InlineData("presidio", "", "[]", "It lets the sample pass.")]
    [InlineData("webhook", "", """{"action":"block","findings":[{"type":"weapons"}]}""", "It would block the sample: WEAPONS.")]
    [InlineData("ocr", "", """{"text":""}""", "It read 0 characters.")]
    [InlineData("transcription", "\"model\":\"ears\",", """{"text":"a"}""", "It read 1 character.")]
    public async Task Check_ThatAnswers_IsTold(string kind, string more, string answer, string verdict)
    {
        server.Answer(answer);
        var (status, trial) = await TryAsync(kind, more);

        Assert.Equal((HttpStatusCode.OK, "true", verdict, "200"), (status, trial!["is_working"]!.ToString(), trial.Text("verdict"), trial["status"]!.ToString()));
        Assert.Null(trial["error"]);
        Assert.True(trial["duration_ms"]!.GetValue<int>() >= 0);
        Assert.Single(server.Asked);
    }

    [Fact]
    public async Task Samples_AreHarmless_AndSentAsGatewaysSendThem()
    {
        server.Answer("""{"action":"allow"}""");
        await TryAsync("webhook", $"\"secret\":\"{Secret}\",");
        var (body, headers) = Assert.Single(server.Asked);
        Assert.Contains("The shop opens at nine", body, StringComparison.Ordinal);
        Assert.Equal(
            WebhookSignature.Sign(Secret, headers["webhook-id"].ToString(), long.Parse(headers["webhook-timestamp"].ToString(), null), System.Text.Encoding.UTF8.GetBytes(body)), headers["webhook-signature"].ToString());

        server.Answer("""{"text":""}""");
        await TryAsync("ocr", "\"secret\":\"s-1\",");
        (body, headers) = Assert.Single(server.Asked);
        Assert.Equal(("image/png", "Bearer s-1"), (headers.ContentType.ToString(), headers.Authorization.ToString()));
        Assert.Contains("PNG", body, StringComparison.Ordinal);

        server.Answer("""{"text":""}""");
        await TryAsync("transcription", "");
        Assert.Contains("RIFF", Assert.Single(server.Asked).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "no json", "Its answer is not what a check of kind moderations answers.")]
    [InlineData(200, """{"text":"x"}""", "Its answer is not what a check of kind moderations answers.")]
    [InlineData(302, "", "It answered 302: it redirects elsewhere, which is not followed. Set the address that it leads to.")]
    [InlineData(401, "", "It answered 401: it does not take the secret.")]
    [InlineData(404, "", "It answered 404: this is not the address that is posted to.")]
    [InlineData(500, "", "It answered 500.")]
    public async Task Check_ThatAnswersSomethingElse_SaysSoInWords(int status, string answer, string error)
    {
        server.Does = http =>
        {
            http.Response.StatusCode = status;
            return http.Response.WriteAsync(answer);
        };
        var (_, trial) = await TryAsync("moderations", "");
        Assert.Equal(("false", error, status.ToString(null, null)), (trial!["is_working"]!.ToString(), trial.Text("error"), trial["status"]!.ToString()));
    }

    [Fact]
    public async Task Check_ThatIsSlowOrGoneOrForbidden_SaysSoInWords()
    {
        var never = new TaskCompletionSource();
        server.Does = _ => never.Task;
        Assert.Equal("It did not answer within its time limit of 50 ms.", (await TryAsync("moderations", "\"time_limit_ms\":50,")).Trial.Text("error"));
        never.SetResult();
        Assert.Equal("It could not be reached.", (await TryAsync("moderations", "", "http://127.0.0.1:1/")).Trial.Text("error"));
        // An address inside, and a check that is not said to be there.
        Assert.Contains("may not have", (await TryAsync("moderations", "", "https://checks.example.com/", isPrivate: false, laterAt: "https://127.0.0.1:9/")).Trial.Text("error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_OfNobody_IsNotFound_AndTryingChangesNothing()
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync($"{Path}/{Guid.NewGuid()}/test")).Status);
        server.Answer("""{"results":[{"flagged":false}]}""");
        var (_, check) = await api.PutAsync(Path, $$"""{"name":"n","kind":"moderations","url":"{{server.Address}}","is_private":true}""");
        var before = await portal.RevisionAsync();
        await api.PostAsync($"{Path}/{check.Id()}/test");
        Assert.Equal(before, await portal.RevisionAsync());
    }

    private async Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonNode? Trial)> TryAsync(string kind, string more, string? url = null, bool isPrivate = true, string? laterAt = null)
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, check) = await api.PutAsync(Path, $$"""{"name":"c{{Guid.NewGuid():N}}","kind":"{{kind}}",{{more}}"url":"{{url ?? server.Address}}","is_private":{{(isPrivate ? "true" : "false")}},"applies_to":"prompts"}""");
        Assert.True(status == HttpStatusCode.OK, check?.ToString());
        // As if the name had been made to lead there later: what is written down was judged when it was set.
        if (laterAt is not null) await portal.ExecuteAsync($"update guardrail_checks set url = '{laterAt}' where id = '{check.Id()}'");
        return await api.PostAsync($"{Path}/{check.Id()}/test");
    }
}
