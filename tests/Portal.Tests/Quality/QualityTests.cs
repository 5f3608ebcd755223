using System.Net;
using AspireGateway.Portal.Quality;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Quality;

/// <summary>The table of quality: publishing, versions, putting one back.</summary>
public sealed class QualityTests(PortalHost portal) : IClassFixture<PortalHost>
{
    private const string Csv = "task,provider,model,mean,lower,upper,samples,date\ncoding,p-fast,m,0.9,0.85,0.94,200,2026-11-01\nchat,p-fast,m,0.7,,,50,\n";

    [Fact]
    public async Task Table_PublishedTwice_KeepsBothVersionsAndSaysWhatDiffers()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var (_, empty) = await api.GetAsync("/api/quality");
        Assert.Null(empty!["version"]);

        var (status, first) = await api.PostAsync("/api/quality/import/csv?note=First", Csv);
        Assert.True(status == HttpStatusCode.OK, $"{status} {first}");
        Assert.Equal((1, "import", "First", 2), (first!["version"]!["version"]!.GetValue<int>(), first["version"].Text("source"), first["version"].Text("note"), first["version"]!["cells"]!.GetValue<int>()));
        Assert.Empty(first["warnings"]!.AsArray());
        var (_, second) = await api.PostAsync(
            "/api/quality/import", """{"cells":[{"task":"coding","provider":"p-fast","model":"m","mean":0.6,"samples":10,"date":"2026-11-02"},{"task":"haiku","provider":"x","model":"y","mean":1,"samples":3}]}""");
        Assert.Equal(["changed coding", "new haiku"], second!["changes"]!.AsArray().Select(c => $"{c.Text("outcome")} {c.Text("task")}"));
        Assert.Equal(1, second["unchanged"]!.GetValue<int>());
        Assert.Equal(2, second["warnings"]!.AsArray().Count);

        var (_, table) = await api.GetAsync("/api/quality");
        Assert.Equal(["chat 0.7 1", "coding 0.6 2", "haiku 1 2"], table!["cells"]!.AsArray().Select(c => $"{c.Text("task")} {c!["mean"]} {c["set_in"]}"));
        var (_, before) = await api.GetAsync("/api/quality/versions/1");
        Assert.Equal(["chat 0.7", "coding 0.9"], before!["cells"]!.AsArray().Select(c => $"{c.Text("task")} {c!["mean"]}"));
        Assert.Equal([2, 1], (await api.ItemsAsync("/api/quality/versions")).Select(v => v["version"]!.GetValue<int>()));
        Assert.Equal(["changed", "new"], (await api.ItemsAsync("/api/quality/versions/2/changes")).Select(c => c.Text("outcome")));
        Assert.Equal(["new", "new"], (await api.ItemsAsync("/api/quality/versions/1/changes")).Select(c => c.Text("outcome")));

        var (_, restored) = await api.PostAsync("/api/quality/versions/1/restore", "{}");
        Assert.Equal((3, 1, "Version 1 again"), (restored!["version"]!.GetValue<int>(), restored["restored_from"]!.GetValue<int>(), restored.Text("note")));
        Assert.Empty(await api.ItemsAsync("/api/quality/versions/3/changes?since=1"));
        Assert.Equal(["changed", "removed"], (await api.ItemsAsync("/api/quality/versions/3/changes")).Select(c => c.Text("outcome")));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PostAsync("/api/quality/versions/3/restore", "{}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.PostAsync("/api/quality/versions/9/restore", "{}")).Status);
        Assert.Equal(3, await portal.ScalarAsync<long>($"select count(*) from configuration_changes where kind = 'quality' and organisation_id = '{api.Organisation}'"));
        Assert.Equal(["quality.restore", "quality.publish", "quality.publish"], (await api.ItemsAsync("/api/audit?target_kind=quality")).Select(a => a.Text("action")).Where(a => a.StartsWith("quality", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Import_AsDryRunOrOfTheSame_MakesNoVersion()
    {
        var api = await PortalApi.StartAsync(portal);
        await api.ModelAsync("fast");
        var (_, trial) = await api.PostAsync("/api/quality/import/csv?dry_run=true", Csv);
        Assert.Equal((null, 2), (trial!["version"], trial["changes"]!.AsArray().Count));
        Assert.Null((await api.GetAsync("/api/quality")).Body!["version"]);
        await api.PostAsync("/api/quality/import/csv", Csv);
        var (_, again) = await api.PostAsync("/api/quality/import/csv", Csv);
        Assert.Equal((null, 0, 2), (again!["version"], again["changes"]!.AsArray().Count, again["unchanged"]!.GetValue<int>()));
        var (_, replaced) = await api.PostAsync("/api/quality/import/csv?replace=true", "task,provider,model,mean,samples\ncoding,p-fast,m,0.5,9");
        Assert.Equal(["removed chat", "changed coding"], replaced!["changes"]!.AsArray().Select(c => $"{c.Text("outcome")} {c.Text("task")}"));
    }

    [Theory]
    [InlineData("""{"cells":[]}""", "cells")]
    [InlineData("""{"cells":[{"task":"a b","provider":"p","model":"m","mean":0.5,"samples":1}]}""", "cells[0].task")]
    [InlineData("""{"cells":[{"task":"a","provider":"p/q","model":"m","mean":0.5,"samples":1}]}""", "cells[0].provider")]
    [InlineData("""{"cells":[{"task":"a","provider":"p","model":"m","mean":1.5,"samples":1}]}""", "cells[0].mean")]
    [InlineData("""{"cells":[{"task":"a","provider":"p","model":"m","mean":0.5}]}""", "cells[0].samples")]
    [InlineData("""{"cells":[{"task":"a","provider":"p","model":"m","mean":0.5,"samples":1,"lower":0.6,"upper":0.7}]}""", "cells[0].lower")]
    [InlineData("""{"cells":[{"task":"a","provider":"p","model":"m","mean":0.5,"samples":1,"lower":0.4}]}""", "cells[0].lower")]
    [InlineData("""{"cells":[{"task":"a","provider":"p","model":"m","mean":0.5,"samples":1,"date":"2126-01-01"}]}""", "cells[0].date")]
    [InlineData("""{"cells":[{"task":"a","provider":"p","model":"m","mean":0.5,"samples":1},{"task":"a","provider":"p","model":"m","mean":0.5,"samples":1}]}""", "cells[1]")]
    public async Task Cells_ThatCannotBe_NameTheirField(string body, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        Assert.Equal([field], await api.FaultsAsync("/api/quality/import", body));
    }

    [Theory]
    [InlineData("", "file")]
    [InlineData("task,provider,model,mean,samples\n", "file")]
    [InlineData("task,provider,model,mean\na,p,m,1", "line 1")]
    [InlineData("task,provider,model,mean,samples,colour\na,p,m,1,1,red", "line 1")]
    [InlineData("task,provider,model,mean,samples\na,p,m,1", "line 2")]
    [InlineData("task,provider,model,mean,samples\n\"a\n\",p,m,1,2\n\na,p,m,high,1", "line 5.mean")]
    [InlineData("task,provider,model,mean,samples\na,p,m,1,1\na,p,m,2,1", "line 3.mean")]
    public async Task File_ThatCannotBe_NamesItsLine(string csv, string field)
    {
        var api = await PortalApi.StartAsync(portal);
        var (status, problem) = await api.PostAsync("/api/quality/import/csv", csv);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal([field], problem.Faults());
    }

    [Theory]
    [InlineData("""{"bar":0.7,"tasks":{"coding":0.9}}""", null)]
    [InlineData("""{"tasks":{"coding":0.9}}""", null)]
    [InlineData("""{"bar":1.1}""", "quality")]
    [InlineData("""{"bar":0.7,"tasks":{"a b":0.9}}""", "quality")]
    [InlineData("""{"bar":0.7,"tasks":{"a":-1}}""", "quality")]
    public async Task Bars_OfAModel_AreKept_OrRefusedByName(string bars, string? field)
    {
        var api = await PortalApi.StartAsync(portal);
        var deployment = await api.ModelAsync("fast");
        var body = $$"""{"name":"good","strategy":"quality","quality":{{bars}},"deployments":[{"deployment_id":"{{deployment}}"}]}""";
        if (field is not null)
        {
            Assert.Equal([field], await api.FaultsAsync("/api/models", body));
            return;
        }
        var model = await api.MadeAsync("/api/models", body);
        var (_, read) = await api.GetAsync($"/api/models/{model.Id()}");
        Assert.Equal(0.9, read!["quality"]!["tasks"]!["coding"]!.GetValue<double>());
        Assert.Equal(bars.Contains("bar", StringComparison.Ordinal) ? 0.7 : 0.8, read["quality"]!["bar"]!.GetValue<double>());
    }

    [Theory]
    [InlineData("coding=0.9, chat = 0.7", "chat=0.7, coding=0.9")]
    [InlineData("", "")]
    [InlineData("a=b=0.5", "a=b=0.5")]
    [InlineData("coding", "coding=NaN")]
    [InlineData("coding=high", "coding=NaN")]
    public void Bars_AsAPersonWritesThem_AreRead(string text, string again) => Assert.Equal(again, QualityBarsText.Write(QualityBarsText.Read(0.8, text)));

    [Fact]
    public async Task File_WithQuotesAndAnotherOrder_IsRead()
    {
        var reading = QualityFile.Read("\"Model\",provider,task,samples,mean\r\n\"m,1\"\"x\",p,coding,7,0.25\r\n");
        var cell = Assert.Single(reading.Value.Cells);
        Assert.Equal(("m,1\"x", "p", "coding", 7, 0.25), (cell.Model, cell.Provider, cell.Task, cell.Samples, cell.Mean));
        Assert.Equal([2], reading.Value.Lines);
        var developer = PortalHost.Actor(Roles.Developer, await portal.AddOrganisationAsync());
        Assert.IsType<Portal.Configuration.Failure.Forbidden>((await portal.Get<ImportQuality>().RunAsync(developer, Stream.Null, new(), default)).Failure);
    }
}
