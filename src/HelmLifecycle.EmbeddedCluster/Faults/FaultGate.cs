using System.Net.Sockets;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Applies a <see cref="FaultPlan"/> to the requests of clients. While a fault waits, virtual time may pass.</summary>
internal sealed class FaultGate(FaultPlan plan, ClusterClock clock, ClusterSimulation simulation) : IRequestGate
{
    public async ValueTask<ApiResponse> AnswerAsync(ApiServer server, ApiRequest request, CancellationToken cancellationToken)
    {
        try
        {
            FaultRule? after = await plan.BeforeAsync(new FaultRequest(request.Method, request.Path, request.Query.ToString()), clock, cancellationToken).ConfigureAwait(false);
            if (request.Method == "GET")
            {
                await simulation.SettleAsync(cancellationToken).ConfigureAwait(false);
            }

            ApiResponse answer = await OpenGate.Instance.AnswerAsync(server, request, cancellationToken).ConfigureAwait(false);
            try
            {
                await FaultPlan.AfterAsync(after, clock, cancellationToken).ConfigureAwait(false);
                return answer;
            }
            catch
            {
                // Nobody will read it, and its unread events would hold time.
                answer.Watch?.Dispose();
                throw;
            }
        }
        catch (ApiError error)
        {
            return ApiResponse.Error(error);
        }
        catch (ConnectionFault fault)
        {
            // As SocketsHttpHandler tells it once the request was sent; one that never connected would be a ConnectionError, and may be repeated.
            throw new HttpRequestException("An error occurred while sending the request.", new IOException(fault.Message, new SocketException((int)SocketError.ConnectionReset)));
        }
    }
}
