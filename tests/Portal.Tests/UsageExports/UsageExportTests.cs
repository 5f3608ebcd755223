using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Tests.Host;
using AspireGateway.Portal.Tests.RollUps;
using AspireGateway.Portal.UsageExports;
using AspireGateway.Portal.Webhooks;
using AspireGateway.Shared.Domain;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AspireGateway.Portal.Tests.UsageExports;

/// <summary>Files of usage: each period once, whole, whoever is killed, and what came late in the next one.</summary>
public sealed class UsageExportTests(PortalHost portal) : IClassFixture<PortalHost>, IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("usage-exports-").FullName;
    private readonly ManualClock clock = new(PortalHost.Now());

    [Theory]
    [InlineData("ndjson")]
    [InlineData("csv")]
    public async Task Files_OfHours_HoldEachRecordOnceAndLateOnesInTheNext(string format)
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(format.Length));
        await portal.ExecuteAsync($"insert into webhooks (id, organisation_id, name, url, secret_envelope, is_enabled, created_at) values (gen_random_uuid(), '{world.Organisation}', 'w', 'https://hooks.example.org', '', true, now())");
        var export = await CreateAsync(world, format);
        var hour = export.NextFrom;
        UsageRecord[] first = [.. Enumerable.Range(0, 30).Select(i => world.Record(hour.AddMinutes(i)))];
        first[0].Feature = "=1+1,\"x\"";
        await world.AddAsync(first);
        await world.AddAsync(world.Record(hour.AddMinutes(-1)), world.Record(hour.AddHours(1)));

        // Nothing before its time.
        clock.Now = hour.AddMinutes(69);
        Assert.Equal(0, await Runner().RunAsync(default));
        clock.Now = hour.AddMinutes(71);
        await SettleAsync();
        // Killed behind the file, before that was noted: written again under its name, told of once.
        await portal.ExecuteAsync("alter table usage_export_runs add constraint killed check (status <> 'done') not valid");
        await Assert.ThrowsAsync<PostgresException>(() => Runner().RunAsync(default));
        Assert.Single(Directory.GetFiles(folder, "*." + format, SearchOption.AllDirectories));
        await portal.ExecuteAsync("alter table usage_export_runs drop constraint killed");
        // Corrected meanwhile: the file told of what was before is gone; the next one tells what is.
        await world.CorrectAsync(first[3]);
        Assert.Equal(1, await Runner().RunAsync(default));
        Assert.Equal(0, await Runner().RunAsync(default));
        // The record of a minute before came after the schedule was made.
        var files = new List<(HashSet<string> Ids, HashSet<string> Late)> { await ReadAsync(world, format, 0) };
        Assert.Equal((30, 1), (files[0].Ids.Count, files[0].Late.Count));
        Assert.DoesNotContain(first[3].Id.ToString(), files[0].Ids);

        var late = world.Record(hour.AddMinutes(59));
        await world.AddAsync(late);
        clock.Now = hour.AddMinutes(131);
        await SettleAsync();
        Assert.Equal(1, await Runner().RunAsync(default));
        files.Add(await ReadAsync(world, format, 1));
        Assert.Equal((3, 2), (files[1].Ids.Count, files[1].Late.Count));
        Assert.Equal(new[] { first[3].Id.ToString(), late.Id.ToString() }.Order(), files[1].Late.Order());
        Assert.Equal(2, await portal.ScalarAsync<long>($"select count(*) from webhook_deliveries where organisation_id = '{world.Organisation}' and event_type = '{WebhookEvents.UsageExported}'"));
        Assert.DoesNotContain(Directory.GetFiles(folder, "*", SearchOption.AllDirectories), f => f.EndsWith(".part", StringComparison.Ordinal));

        // Every record is in one file.
        Assert.Equal(33, files.Sum(f => f.Ids.Count));
        Assert.Equal(33L, await portal.ScalarAsync<long>($"select count(*) from usage_records where organisation_id = '{world.Organisation}'"));
    }

    [Fact]
    public async Task Folder_ThatRefuses_IsToldAndTriedAgainLater()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(9));
        var export = await CreateAsync(world, "csv");
        clock.Now = export.NextFrom.AddMinutes(75);
        var slug = await portal.ScalarAsync<string>($"select slug from organisations where id = '{world.Organisation}'");
        await File.WriteAllTextAsync(Path.Combine(folder, slug), "in the way");
        Assert.Equal(0, await Runner().RunAsync(default));
        var run = Assert.Single(await RunsAsync(world));
        Assert.Equal(("running", 1), (run.Status, run.Attempts));
        Assert.StartsWith("The file cannot be written", run.Error, StringComparison.Ordinal);
        // Not at once, but after a pause.
        File.Delete(Path.Combine(folder, slug));
        Assert.Equal(0, await Runner().RunAsync(default));
        clock.Now += TimeSpan.FromMinutes(2);
        Assert.Equal(1, await Runner().RunAsync(default));
        run = Assert.Single(await RunsAsync(world));
        Assert.Equal(("done", 2, 0L), (run.Status, run.Attempts, run.Records));
        Assert.Null(run.Error);
    }

    [Fact]
    public async Task Schedule_ThatWasPaused_CatchesUpFileByFile_AndAnotherPortalStaysAway()
    {
        var world = await RollUpWorld.StartAsync(portal, new Random(10));
        var export = await CreateAsync(world, "ndjson");
        var admin = PortalHost.Actor(Roles.OrganisationAdmin, world.Organisation);
        Assert.True((await portal.Get<ChangeExport>().EnableAsync(admin, export.Id, false, default)).Succeeded);
        clock.Now = export.NextFrom.AddHours(3).AddMinutes(15);
        Assert.Equal(0, await Runner().RunAsync(default));
        Assert.True((await portal.Get<ChangeExport>().EnableAsync(admin, export.Id, true, default)).Succeeded);
        await using (var other = await portal.Get<NpgsqlDataSource>().OpenConnectionAsync())
        {
            await using var take = new NpgsqlCommand($"select pg_advisory_lock(hashtextextended('{export.Id}', {0x45585054}))", other);
            await take.ExecuteNonQueryAsync();
            Assert.Equal(0, await Runner().RunAsync(default));
            await using var release = new NpgsqlCommand("select pg_advisory_unlock_all()", other);
            await release.ExecuteNonQueryAsync();
        }
        for (var i = 0; i < 3; i++) Assert.Equal(1, await Runner().RunAsync(default));
        Assert.Equal(0, await Runner().RunAsync(default));
        Assert.Equal(3, (await RunsAsync(world)).Count);
        Assert.IsType<Failure.Conflict>((await portal.Get<CreateExport>().RunAsync(admin, new() { Name = export.Name }, default)).Failure);
        var invalid = Assert.IsType<Failure.Invalid>((await portal.Get<CreateExport>().RunAsync(admin, new() { Name = "../x", Format = "xml", Period = "yearly" }, default)).Failure);
        Assert.Equal(["format", "name", "period"], invalid.Faults.Select(f => f.Field).Order(StringComparer.Ordinal));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private ExportRunner Runner() => new(portal.Get<NpgsqlDataSource>(), Options.Create(new ExportOptions { Folder = folder }), clock);

    // Other tests' open transactions in the same cluster keep what came after them for the next file.
    private async Task SettleAsync()
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await portal.ScalarAsync<bool>("select coalesce(max(tx::text::bigint), 0) < pg_snapshot_xmin(pg_current_snapshot())::text::bigint from usage_records"))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromMinutes(2), "A transaction stays open.");
            await Task.Delay(20);
        }
    }

    private async Task<ExportDetails> CreateAsync(RollUpWorld world, string format)
    {
        // Those of the other tests of this class would have files due as well.
        await portal.ExecuteAsync("delete from usage_exports");
        var made = await portal.Get<CreateExport>().RunAsync(PortalHost.Actor(Roles.OrganisationAdmin, world.Organisation), new() { Name = "warehouse", Format = format, Period = ExportPeriods.Hourly }, default);
        Assert.True(made.Succeeded, made.Failure?.Message);
        return made.Value;
    }

    private async Task<IReadOnlyList<ExportRun>> RunsAsync(RollUpWorld world) =>
        (await portal.Get<ExportsQuery>().RunsAsync(PortalHost.Actor(Roles.OrganisationAdmin, world.Organisation), null, null, null, default)).Value.Items;

    private async Task<(HashSet<string> Ids, HashSet<string> Late)> ReadAsync(RollUpWorld world, string format, int index)
    {
        var run = (await RunsAsync(world)).OrderBy(r => r.From).ElementAt(index);
        var path = Path.Combine(folder, run.File);
        var bytes = await File.ReadAllBytesAsync(path);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(path + ".manifest.json"))!;
        Assert.Equal((run.Sha256, run.Bytes, run.Records, run.Late), ((string?)manifest["sha256"], (long?)manifest["bytes"], (long?)manifest["records"], (long?)manifest["late"]));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes)), run.Sha256);
        var lines = System.Text.Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var (ids, late) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        if (format == "csv")
        {
            Assert.StartsWith("id,timestamp,request_id,organisation_id,", lines[0], StringComparison.Ordinal);
            if (index == 0) Assert.Contains(lines, l => l.Contains("\"'=1+1,\"\"x\"\"\"", StringComparison.Ordinal));
            foreach (var line in lines[1..])
            {
                Assert.True(ids.Add(line[..36]));
                if (line.TrimEnd('\r').EndsWith(",t", StringComparison.Ordinal)) late.Add(line[..36]);
            }
        }
        else
        {
            foreach (var line in lines.Select(l => JsonNode.Parse(l)!))
            {
                Assert.True(ids.Add((string)line["id"]!));
                if ((bool)line["late"]!) late.Add((string)line["id"]!);
                Assert.Equal(await portal.ScalarAsync<long>($"select cost_nano_usd from usage_records where id = '{line["id"]}'"), (long)((decimal)line["cost_usd"]! * 1_000_000_000m));
            }
        }
        Assert.Equal((ids.Count, late.Count), ((int)run.Records!, (int)run.Late!));
        Assert.Contains(run.From.UtcDateTime.ToString("yyyyMMdd'T'HHmm'Z'", CultureInfo.InvariantCulture), run.File, StringComparison.Ordinal);
        return (ids, late);
    }
}
