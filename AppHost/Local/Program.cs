using AspireGateway.AppHost.Local.Output;
using AspireGateway.AppHost.Local.Start;

var console = HostConsole.ForProcess();
var options = LocalHostOptions.Parse(args);
if (options.Fault is { } fault)
{
    console.Error(fault.Message);
    return 1;
}

if (options.Value.ShowHelp)
{
    console.Plain(LocalHostOptions.Usage);
    return 0;
}

return await new LocalHost(options.Value, console, TimeProvider.System).RunAsync();
