using AspireGateway.Portal.Api;
using AspireGateway.Portal.Audit.Chain;
using AspireGateway.Portal.Audit;
using AspireGateway.Portal.Caching;
using AspireGateway.Portal.Components.Frame;
using AspireGateway.Portal.Components;
using AspireGateway.Portal.Configuration;
using AspireGateway.Portal.Ledger;
using AspireGateway.Portal.Live;
using AspireGateway.Portal.Migration;
using AspireGateway.Portal.Partitions;
using AspireGateway.Portal.Prices;
using AspireGateway.Portal.Repricing;
using AspireGateway.Portal.RollUps;
using AspireGateway.Portal.Security;
using AspireGateway.Portal.UsageExports;
using AspireGateway.Portal.Webhooks;
using AspireGateway.ServiceDefaults;
using Radzen;

// The other faces of this program: bring the database up to date, verify the audit, or import prices, then stop.
if (args is ["migrate", ..]) return await MigrateVerb.RunAsync(args[1..], Console.Error);
if (args is ["verify-audit", ..]) return await VerifyAuditVerb.RunAsync(args[1..], Console.Out, Console.Error);
if (args is ["import-prices", ..]) return await ImportPricesVerb.RunAsync(args[1..], Console.Out, Console.Error);

var builder = WebApplication.CreateBuilder(args);
// Needed outside Development too, where the assets of packages would otherwise be missing unless published.
builder.WebHost.UseStaticWebAssets();
builder.AddServiceDefaults();

// 1. What must be set before anything starts; every fault at once.
var faults = StartupChecks.Run(builder.Configuration, builder.Environment);
if (faults.Count > 0)
{
    foreach (var fault in faults) await Console.Error.WriteLineAsync($"portal: {fault}");
    return 1;
}
var settings = PortalSettings.Read(builder.Configuration);

// 2. The store, and the one way to write to it.
builder.AddConfigurationStore();
builder.AddLedgerView();
builder.AddCacheServer();
builder.Services.AddFeatures();
builder.Services.AddPartitionKeeper(builder.Configuration);
builder.Services.AddRollUpWorker(builder.Configuration);
builder.Services.AddRepricingWorker(builder.Configuration);
builder.Services.AddExportWorker(builder.Configuration);
builder.Services.AddWebhookWorker();
builder.Services.AddHostedService(services => services.GetRequiredService<SealAudit>());
builder.Services.Configure<AspireGateway.Portal.Quality.LearningOptions>(builder.Configuration.GetSection("Portal:Feedback"));

// 3. Who may come in.
builder.AddSignIn(settings);

// 4. The two faces: REST and pages.
builder.Services.AddRestApi();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();
builder.Services.AddRadzenComponents();
builder.Services.AddFrame();
if (!settings.ApiOnly) builder.Services.AddLiveListener();

var app = builder.Build();

app.UsePublicAddress(settings);
app.UseSecurityHeaders();
app.UseApiFaults();
app.UsePageFaults();
// Here, so that what the lines above do instead finds its page.
app.UseRouting();
app.UseAuthentication();
app.UseAuthorization();
app.UseApiActor();
app.UseAntiforgery();

app.MapDefaultEndpoints();
app.MapRestApi();
if (!settings.ApiOnly)
{
    app.MapStaticAssets().AllowAnonymous();
    app.MapBlazorScript();
    app.MapSignIn();
    app.MapAuditDownload();
    app.MapRazorComponents<App>()
        .AddInteractiveServerRenderMode(o => o.ContentSecurityFrameAncestorsPolicy = "'none'");
}

await app.RunAsync();
return 0;
