using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Keys;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Keys;

/// <summary>What bounds a key, and that neither a rotation nor a developer loosens it.</summary>
public sealed class KeyBondsTests(PortalHost portal) : IClassFixture<PortalHost>
{
    [Fact]
    public async Task Rotation_OfABoundKey_BindsTheNewOneInTheSameTransaction()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        await api.ModelAsync("cheap");
        var key = await api.KeyAsync(team, "k",
            ""","user_id":"alice","agent":"crawler","priority":"low","hold_policy":"learned","approval_threshold_usd":0.5,"approval_action":"cheaper","approval_model":"cheap" """);
        await api.MadeAsync("/api/limits", $$"""{"scope_kind":"key","scope_id":"{{key}}","unit":"requests","amount":6,"period":"minute","burst":2,"on_limit":"queue","queue_ms":9}""");
        await api.MadeAsync("/api/limits", $$"""{"scope_kind":"key","scope_id":"{{key}}","unit":"concurrency","amount":3}""");
        var budget = (await api.MadeAsync("/api/budgets", $$"""{"scope_kind":"key","scope_id":"{{key}}","period":"monthly","cap_usd":7,"thresholds":[90]}""")).Id();
        await api.MadeAsync($"/api/budgets/{budget}/raise", $$"""{"amount_usd":2,"until":"{{PortalHost.Now().AddDays(1):O}}","reason":"r"}""");
        await api.PutAsync("/api/tiers/assignments", $$"""{"scope_kind":"key","scope_id":"{{key}}","tier":"Free"}""");
        await api.MadeAsync("/api/kill-switches", $$"""{"scope_kind":"key","scope_id":"{{key}}","reason":"Leaked."}""");
        await portal.ExecuteAsync($"update limits set created_by = 'someone@example.org' where scope_id = '{key}'");

        var next = (await api.PostAsync($"/api/keys/{key}/rotate")).Body!["key"]!;
        var id = next.Id();
        Assert.Equal(
            ("alice", "crawler", "low", "learned", "0.5", "cheaper", "cheap"),
            (next.Text("user_id"), next.Text("agent"), next.Text("priority"), next.Text("hold_policy"), next.Text("approval_threshold_usd"), next.Text("approval_action"), next.Text("approval_model")));
        var limits = await api.ItemsAsync($"/api/limits?scope_kind=key&scope_id={id}");
        Assert.Equal(["concurrency", "requests"], limits.Select(l => l.Text("unit")).Order(StringComparer.Ordinal));
        Assert.All(limits, l => Assert.Equal("someone@example.org", l.Text("created_by")));
        var copy = Assert.Single(await api.ItemsAsync($"/api/budgets?scope_kind=key&scope_id={id}"));
        Assert.Equal(("7", "2", 90), (copy.Text("cap_usd"), copy.Text("raised_usd"), copy["thresholds"]![0]!.GetValue<int>()));
        Assert.Equal("Free", Assert.Single(await api.ItemsAsync($"/api/tiers/assignments?scope_kind=key&scope_id={id}")).Text("tier_name"));
        Assert.Equal("Leaked.", Assert.Single(await api.ItemsAsync($"/api/kill-switches?scope_kind=key&scope_id={id}")).Text("reason"));
        // xmin is the transaction that wrote a row.
        Assert.Equal(1, await portal.ScalarAsync<long>($"""
            select count(distinct x) from (
                select xmin::text x from virtual_keys where id = '{id}'
                union all select xmin::text from limits where scope_id = '{id}'
                union all select xmin::text from budgets where scope_id = '{id}'
                union all select xmin::text from tier_assignments where scope_id = '{id}'
                union all select xmin::text from kill_switches where scope_id = '{id}') r
            """));
        Assert.Equal(2, (await api.ItemsAsync($"/api/limits?scope_kind=key&scope_id={key}")).Count);
    }

    [Theory]
    [InlineData("""{"priority":"urgent"}""", "priority")]
    [InlineData("""{"hold_policy":"none"}""", "hold_policy")]
    [InlineData("""{"approval_threshold_usd":-1}""", "approval_threshold_usd")]
    [InlineData("""{"approval_action":"ask"}""", "approval_action")]
    [InlineData("""{"approval_action":"cheaper"}""", "approval_model")]
    [InlineData("""{"approval_model":"m"}""", "approval_model")]
    [InlineData("""{"approval_action":"cheaper","approval_model":"no-such"}""", "approval_model")]
    public async Task Values_OfAKey_AreCheckedByField(string body, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.TeamAsync("T");
        Assert.Equal([field], await api.FaultsAsync("/api/keys", $$"""{"team_id":"{{team}}","name":"k",{{body[1..]}}"""));
    }

    [Fact]
    public async Task ApprovalPolicyAndStorePolicy_OfTeamAndOrganisation_AreKept()
    {
        var api = await PortalApi.StartAsync(portal);
        var team = await api.MadeAsync("/api/teams", """{"name":"T","approval_threshold_usd":"1.5","approval_action":"wait"}""");
        Assert.Equal(("1.5", 1_500_000_000, "wait"), (team.Text("approval_threshold_usd"), team["approval_threshold_nano_usd"]!.GetValue<long>(), team.Text("approval_action")));
        Assert.Equal("1.5", (await api.GetAsync($"/api/teams/{team.Id()}")).Body.Text("approval_threshold_usd"));
        // What an answer says can be sent back as it is, in either unit.
        Assert.Equal("1.5", (await api.PutAsync($"/api/teams/{team.Id()}", """{"name":"T","approval_threshold_usd":"1.5","approval_threshold_nano_usd":1500000000}""")).Body.Text("approval_threshold_usd"));
        Assert.Null((await api.PutAsync($"/api/teams/{team.Id()}", """{"name":"T"}""")).Body!["approval_threshold_usd"]);
        Assert.Equal("closed", (await api.GetAsync("/api/organizations/current")).Body.Text("store_policy"));
        Assert.Equal("local", (await api.PutAsync("/api/organizations/current", """{"name":"O","store_policy":"local"}""")).Body.Text("store_policy"));
        Assert.Equal(["store_policy"], (await api.PutAsync("/api/organizations/current", """{"name":"O","store_policy":"open"}""")).Body.Faults());
    }

    [Fact]
    public async Task Developer_OnTheOwnKey_NeitherOverspendsNorJumpsTheQueue()
    {
        var organisation = await portal.AddOrganisationAsync();
        var team = await portal.AddTeamAsync(organisation);
        var developer = PortalHost.Actor(Roles.Developer, organisation, await portal.AddUserAsync(organisation, Roles.Developer, team), team);
        var lead = PortalHost.Actor(Roles.TeamLead, organisation, null, team);
        var admin = PortalHost.Actor(Roles.OrganisationAdmin, organisation);
        var key = (await portal.Get<IssueKey>().RunAsync(developer, new() { TeamId = team, Name = "mine", Priority = "low" }, default)).Value.Key.Id;
        var update = portal.Get<UpdateKey>();
        Assert.IsType<Failure.Invalid>((await update.RunAsync(developer, key, new() { Name = "mine", HoldPolicy = "soft" }, default)).Failure);
        Assert.IsType<Failure.Invalid>((await update.RunAsync(developer, key, new() { Name = "mine", Priority = "high" }, default)).Failure);
        Assert.IsType<Failure.Invalid>((await update.RunAsync(lead, key, new() { Name = "mine", HoldPolicy = "learned" }, default)).Failure);
        Assert.True((await update.RunAsync(lead, key, new() { Name = "mine", Priority = "high" }, default)).Succeeded);
        Assert.True((await update.RunAsync(admin, key, new() { Name = "mine", Priority = "high", HoldPolicy = "soft" }, default)).Succeeded);
        // What was given may be kept.
        Assert.True((await update.RunAsync(developer, key, new() { Name = "renamed", Priority = "high", HoldPolicy = "soft" }, default)).Succeeded);
    }

    [Fact]
    public async Task Policies_OfAKeyInUse_AreChanged_Audited_AndTakenBack()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("cheap");
        var key = await api.KeyAsync(await api.TeamAsync("T"), "k", ""","user_id":"alice","max_body_bytes":2048 """);
        var row = (await portal.Get<KeysQuery>().OneAsync(PortalHost.Actor(Roles.OrganisationAdmin, api.Organisation), key, default)).Value;
        var fields = MoreKeyFields.Of(row);
        (fields.Priority, fields.HoldPolicy, fields.Threshold, fields.Action, fields.Cheaper) = ("low", "learned", 0.25m, "cheaper", "cheap");

        var changed = (await portal.Get<UpdateKey>().RunAsync(
            PortalHost.Actor(Roles.OrganisationAdmin, api.Organisation), key, fields.With(new UpdateKeyRequest { Name = "k", UserId = "alice", MaxBodyBytes = 2048 }), default)).Value;

        Assert.Equal(("low", "learned", "0.25", "cheaper", "cheap"), (changed.Priority, changed.HoldPolicy, changed.ApprovalThresholdUsd, changed.ApprovalAction, changed.ApprovalModel));
        Assert.Equal(("alice", 2048), (changed.UserId, changed.MaxBodyBytes));
        var told = (await api.ItemsAsync($"/api/audit?target_id={key}"))[0];
        Assert.Equal(("virtual_key.update", "normal", "low"), (told.Text("action"), told["before"].Text("priority"), told["after"].Text("priority")));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await api.PostAsync($"/api/audit/{told.Id()}/undo")).Status);
        var back = (await api.GetAsync($"/api/keys/{key}")).Body;
        Assert.Equal(("normal", "exact", (string?)null, (string?)null), (back.Text("priority"), back.Text("hold_policy"), (string?)back!["approval_threshold_usd"], (string?)back["approval_action"]));
    }

    [Theory]
    [InlineData(null, "cheaper", "cheap", null, "cheaper", "cheap")]
    [InlineData(1_500_000_000L, "wait", null, "1.5", "wait", null)]
    [InlineData(1L, "cheaper", "cheap", "0.000000001", "cheaper", "cheap")]
    [InlineData(2_000_000_000L, null, null, "2", "wait", null)]
    public void Fields_OfAKey_ThatNobodyTouches_SayTheSameAgain(long? threshold, string? action, string? model, string? expectedUsd, string? expectedAction, string? expectedModel)
    {
        var key = new KeyDetails
        {
            Id = Guid.Empty, TeamId = Guid.Empty, Name = "k", Prefix = "agw-x", AllowedModels = [], CreatedAt = PortalHost.Now(), CreatedBy = "x", Priority = "high", HoldPolicy = "soft",
            ApprovalThresholdNanoUsd = threshold, ApprovalAction = action, ApprovalModel = model,
        };
        var request = MoreKeyFields.Of(key).With(new UpdateKeyRequest { Name = "k" });
        Assert.Equal(("high", "soft", expectedAction, expectedModel), (request.Priority, request.HoldPolicy, request.ApprovalAction, request.ApprovalModel));
        Assert.Equal(expectedUsd is null ? null : UsdAmount.Parse(expectedUsd), request.ApprovalThresholdUsd);
    }

    [Fact]
    public async Task Model_ThatALimitDowngradesTo_CannotBeDeleted()
    {
        var api = await PortalApi.StartAsync(portal);
        var deployment = await api.ModelAsync("cheap");
        var model = (await api.ItemsAsync("/api/models"))[0].Id();
        var budget = await api.MadeAsync("/api/budgets", """{"scope_kind":"organisation","period":"daily","cap_usd":1,"on_exceeded":"downgrade","downgrade_model":"cheap-alias"}""");
        Assert.Equal(System.Net.HttpStatusCode.Conflict, (await api.DeleteAsync($"/api/models/{model}")).Status);
        await api.DeleteAsync($"/api/budgets/{budget.Id()}");
        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/models/{model}")).Status);

        // A deployment takes its quota and its stop along.
        await api.MadeAsync("/api/limits", """{"scope_kind":"deployment","scope_id":"d-cheap","unit":"requests","amount":10,"period":"minute"}""");
        await api.MadeAsync("/api/kill-switches", """{"scope_kind":"deployment","scope_id":"d-cheap","reason":"Slow."}""");
        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await api.DeleteAsync($"/api/deployments/{deployment}")).Status);
        Assert.Empty(await api.ItemsAsync("/api/limits"));
        Assert.Empty(await api.ItemsAsync("/api/kill-switches"));
    }
}
