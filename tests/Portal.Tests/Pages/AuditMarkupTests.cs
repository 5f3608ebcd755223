using System.Text.Json;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Audit.Chain;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class AuditMarkupTests
{
    private static readonly Guid s_deployment = Guid.Parse("01a228ac-26a1-7a52-bdc7-9b6d2798529e");
    private static readonly Dictionary<Guid, string> s_names = new() { [s_deployment] = "d-fast" };

    [Fact]
    public async Task AuditEntryView_OfAnEdit_ShowsWhatDiffersFieldByField()
    {
        var change = Change(
            """{"id":"x","name":"a","cascade":{"threshold":0.5,"judge":{"model":"m"}},"aliases":["b"],"deployments":[{"deployment_id":"01a228ac-26a1-7a52-bdc7-9b6d2798529e","weight":1}],"created_at":"2026-11-21T11:00:00+00:00"}""",
            """{"id":"x","name":"<b>","cascade":null,"aliases":["b","c"],"deployments":[{"deployment_id":"01a228ac-26a1-7a52-bdc7-9b6d2798529e","weight":2}],"created_at":"2026-11-21T11:00:00+00:00"}""");
        var page = await Drawn.Async<AuditEntryView>((nameof(AuditEntryView.Change), change), (nameof(AuditEntryView.Names), s_names));

        Assert.Equal(["Name", "Aliases", "Deployments 1 › Weight", "Cascade › Threshold", "Cascade › Judge › Model"], page.Texts(".audit-diff tbody th"));
        Assert.Equal(["a", "b", "1", "0.5", "m"], page.Texts(".audit-before"));
        Assert.Equal(["<b>", "b, c", "2", "not set", "not set"], page.Texts(".audit-after"));
        Assert.Contains("d-fast (01a228ac)", page.Texts(".audit-same dd"));
        Assert.Contains("Sat 21 Nov 2026, 12:00:00 Europe/Berlin (UTC+01:00)", page.Texts(".audit-same dd"));
        Assert.Contains("REST with the admin token, from ::1", page.Texts(".facts dd"));
    }

    [Fact]
    public async Task AuditEntryView_OfWhatWasMadeOrWent_ShowsOneSide()
    {
        var made = await Drawn.Async<AuditEntryView>((nameof(AuditEntryView.Change), Change(null, """{"name":"a"}""")), (nameof(AuditEntryView.Names), s_names), (nameof(AuditEntryView.WhyNot), "No way."));
        Assert.Equal(["Field", "After"], made.Texts("thead th"));
        Assert.Equal(["No way."], made.Texts(".audit-why"));
        var gone = await Drawn.Async<AuditEntryView>((nameof(AuditEntryView.Change), Change("""{"name":"a"}""", null)), (nameof(AuditEntryView.Names), s_names));
        Assert.Equal(["Field", "Before"], gone.Texts("thead th"));
        Assert.Empty(gone.QuerySelectorAll(".audit-why"));
    }

    [Fact]
    public async Task AuditList_Rows_SayWhatOfWhatAndByWhom()
    {
        var edit = Change("""{"name":"a","x":1}""", """{"name":"b","x":1}""");
        var undo = edit with { Id = Guid.NewGuid(), Action = "virtual_key.update", Undoes = edit.Id, Actor = "ann@example.org", RemoteAddress = null };
        var page = await Drawn.Async<AuditList>((nameof(AuditList.Rows), new[] { undo, edit with { UndoneBy = undo.Id } }), (nameof(AuditList.Names), s_names));

        Assert.Equal(["Undo: key changed", "Model changed"], page.Texts("a.cell-main"));
        Assert.Equal($"audit/{edit.Id}", page.QuerySelectorAll("a.cell-main")[1].GetAttribute("href"));
        Assert.Contains("undone", page.Texts(".cell-sub"));
        Assert.Contains("portal", page.Texts(".cell-sub"));
        Assert.Equal(["Name", "Name"], page.Texts("span.quiet"));
    }

    [Fact]
    public async Task VerificationPanel_SaysWhetherItIsIntact_AndLeadsToWhatWasChanged()
    {
        var intact = new AuditVerification { Entries = 1234, Head = "00ff", Seals = 3, SealedTo = 1200, SealedAt = Drawn.Now, Faults = [] };
        var page = await Drawn.Async<VerificationPanel>((nameof(VerificationPanel.Found), intact));
        Assert.Equal(["Intact"], page.Texts("h2 .state-good"));
        Assert.Contains("1,234 entries: none was changed, taken out or put in; signed to entry 1,200 on", page.Texts("p")[0], StringComparison.Ordinal);
        Assert.Empty(page.QuerySelectorAll("table"));

        var id = Guid.NewGuid();
        var broken = await Drawn.Async<VerificationPanel>((nameof(VerificationPanel.Found), intact with { SealedTo = null, SealedAt = null, Faults = [new(7, id, "It does not say what was written."), new(9, null, "Entry 8 is missing.")] }));
        Assert.Equal(["Tampered with"], broken.Texts("h2 .state-bad"));
        Assert.Contains("not signed yet", broken.Texts("p")[0], StringComparison.Ordinal);
        Assert.Equal([$"audit/{id}"], broken.QuerySelectorAll("tbody a").Select(a => a.GetAttribute("href")));
        Assert.Equal(["7", "It does not say what was written.", "9", "Entry 8 is missing."], broken.Texts("tbody td"));
    }

    private static AuditRow Change(string? before, string? after) => new()
    {
        Id = Guid.NewGuid(), At = Drawn.Now.AddMinutes(-3), Actor = "admin-token", Action = "model.update", TargetKind = "model", TargetId = Guid.NewGuid(), TargetName = "a", Seq = 7, Hash = "00ff", Revision = 7,
        RemoteAddress = "::1", Before = Json(before), After = Json(after),
    };

    private static JsonElement? Json(string? text)
    {
        if (text is null) return null;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
