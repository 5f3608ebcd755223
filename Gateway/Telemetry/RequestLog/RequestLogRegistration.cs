namespace AspireGateway.Gateway.Telemetry.RequestLog;

/// <summary>Adds the log with a line for each request.</summary>
internal static class RequestLogRegistration
{
    /// <summary>Adds it; <c>Gateway:RequestLog</c> says where it goes (<see cref="RequestLogOptions"/>).</summary>
    public static void AddRequestLog(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RequestLogOptions>().Bind(builder.Configuration.GetSection("Gateway:RequestLog"))
            .Validate(options => options.Fault() is null, "Gateway:RequestLog holds a value out of range; docs/operations/telemetry.md lists them.").ValidateOnStart();
        builder.Services.AddSingleton<RequestLog>();
        builder.Services.AddHostedService<RequestLogWriter>();
    }
}
